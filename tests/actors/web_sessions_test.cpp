#include "actors/web_sessions.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct some_sessions {
  web_sessions testee;
  deadline now{1h};

  bool alive(const std::string& cookie) { return testee.find(cookie, now) != nullptr; }
};

} // namespace

TEST_CASE_METHOD(some_sessions, "a session is found by its cookie until it is closed") {
  const auto tokens = testee.open("ada", role::operator_, now);
  const auto* found = testee.find(tokens.cookie, now);
  REQUIRE(found != nullptr);
  CHECK(found->username == "ada");
  CHECK(found->role == role::operator_);
  CHECK(found->csrf_token == tokens.csrf_token);
  CHECK(!alive(""));
  CHECK(!alive(tokens.csrf_token));
  testee.close(tokens.cookie);
  CHECK(!alive(tokens.cookie));
}

TEST_CASE_METHOD(some_sessions, "a session that is used lives for twelve hours") {
  const auto cookie = testee.open("ada", role::viewer, now).cookie;
  for (int i = 0; i < 23; ++i) {
    now += 30min;
    CHECK(alive(cookie));
  }
  now += 30min;
  CHECK(!alive(cookie));
}

TEST_CASE_METHOD(some_sessions, "a session that nobody uses ends after an hour") {
  const auto cookie = testee.open("ada", role::viewer, now).cookie;
  now += 1h;
  CHECK(!alive(cookie));
  CHECK(testee.size() == 0);
}

TEST_CASE_METHOD(some_sessions, "who only looks on does not keep a session") {
  const auto cookie = testee.open("ada", role::viewer, now).cookie;
  now += 59min;
  const auto* seen = testee.peek(cookie, now);
  REQUIRE(seen != nullptr);
  CHECK(web_sessions::left(*seen, now) == 1min);
  now += 1min;
  CHECK(testee.peek(cookie, now) == nullptr);
  CHECK(testee.size() == 0);
  CHECK(testee.peek("none", now) == nullptr);
}

TEST_CASE_METHOD(some_sessions, "what a session has left is never more than its lifetime") {
  const auto cookie = testee.open("ada", role::viewer, now).cookie;
  CHECK(web_sessions::left(*testee.find(cookie, now), now) == 1h);
  for (int i = 0; i < 23; ++i) {
    now += 30min;
    REQUIRE(alive(cookie));
  }
  CHECK(web_sessions::left(*testee.find(cookie, now), now) == 30min);
}

TEST_CASE_METHOD(some_sessions, "all sessions of a user end or change together") {
  const auto first = testee.open("ada", role::viewer, now).cookie;
  const auto second = testee.open("ada", role::viewer, now).cookie;
  const auto other = testee.open("bob", role::viewer, now).cookie;
  testee.set_role("ada", role::admin);
  CHECK(testee.find(second, now)->role == role::admin);
  CHECK(testee.find(other, now)->role == role::viewer);
  testee.close_all_of("ada");
  CHECK(!alive(first));
  CHECK(!alive(second));
  CHECK(alive(other));
}

TEST_CASE_METHOD(some_sessions, "of too many sessions the one unused for longest ends") {
  const auto used = testee.open("ada", role::viewer, now).cookie;
  const auto unused = testee.open("bob", role::viewer, now).cookie;
  now += 1s;
  REQUIRE(alive(used));
  for (std::size_t i = 1; i < web_sessions::max_sessions; ++i)
    testee.open("many", role::viewer, now);
  CHECK(testee.size() == web_sessions::max_sessions);
  CHECK(alive(used));
  CHECK(!alive(unused));
}
