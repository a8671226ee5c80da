#include "actors/session.hpp"

#include "tests/catch.hpp"

using namespace muster;

namespace {

const deadline start{};

client_envelope said(client_action action) {
  client_envelope m;
  m.action = action;
  m.id = "a1";
  m.has_timestamp = true;
  m.client_id = "ext.1";
  return m;
}

session opened() {
  session s;
  s.opening();
  s.open("ext.1", std::chrono::seconds{10}, start);
  return s;
}

} // namespace

TEST_CASE("a broken first message may be mended") {
  const session s;
  auto create = said(client_action::create_session);
  CHECK(s.judge(create).what == session::verdict::create);
  SECTION("no id") {
    create.id.clear();
  }
  SECTION("no timestamp") {
    create.has_timestamp = false;
  }
  SECTION("no client id") {
    create.client_id.clear();
  }
  SECTION("bad labels") {
    create.attrs = "no equals sign";
  }
  const auto judged = s.judge(create);
  CHECK(judged.what == session::verdict::mend);
  CHECK(!judged.why.empty());
}

TEST_CASE("a whole first message that is no create-session is refused") {
  const session s;
  CHECK(s.judge(said(client_action::invoke_service)).what == session::verdict::refuse);
}

TEST_CASE("a second create-session while the first is checked is refused") {
  session s;
  s.opening();
  CHECK(s.judge(said(client_action::create_session)).what == session::verdict::refuse);
}

TEST_CASE("an open session wants its token") {
  const auto s = opened();
  auto call = said(client_action::invoke_service);
  CHECK(s.judge(call).what == session::verdict::refuse);
  call.token = s.token();
  CHECK(s.judge(call).what == session::verdict::invoke);
  call.has_timestamp = false;
  call.token = "wrong";
  // What is broken is said before who may say it.
  CHECK(s.judge(call).what == session::verdict::mend);
}

TEST_CASE("a renewal makes a new token and the old one dies") {
  auto s = opened();
  const auto old = s.token();
  CHECK(old.substr(0, 6) == "zwsxt.");
  CHECK(old.size() == 30);
  auto again = said(client_action::create_session);
  again.token = old;
  CHECK(s.judge(again).what == session::verdict::renew);
  s.open("ext.1", std::chrono::seconds{10}, start);
  CHECK(s.token() != old);
  CHECK(s.judge(again).what == session::verdict::refuse);
}

TEST_CASE("the client id cannot change within a connection") {
  const auto s = opened();
  auto again = said(client_action::create_session);
  again.token = s.token();
  again.client_id = "ext.2";
  CHECK(s.judge(again).what == session::verdict::mend);
}

TEST_CASE("a sign of life extends the session") {
  auto s = opened();
  CHECK(s.expires_at() == start + std::chrono::seconds{10});
  s.extend(start + std::chrono::seconds{4});
  CHECK(s.expires_at() == start + std::chrono::seconds{14});
  s.set_ttl(std::chrono::seconds{5});
  CHECK(s.expires_at() == start + std::chrono::seconds{9});
}
