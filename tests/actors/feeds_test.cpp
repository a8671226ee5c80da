#include "actors/feeds.hpp"

#include "messages/metrics.hpp"
#include "tests/actors/a_feed.hpp"
#include "tests/catch.hpp"

#include <chrono>
#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// Feeds of one connection whose client acknowledges, each of a topic of its own.
struct some_feeds : feed_maker {
  some_feeds() { facts.ack = ack_mode::client; }

  std::uint32_t add(const std::string& topic_name) {
    facts.topic_name = topic_name;
    facts.sub_key = "key of " + topic_name;
    auto& made = all.add(topic_name);
    made.begin(joined({}, 0));
    return made.cookie();
  }

  /// Hands out a message as a connection does.
  void deliver(std::uint32_t cookie, std::uint64_t seq, const std::string& id, deadline now = {}) {
    auto& to = *all.find(cookie);
    push(to, {seq}, now);
    all.expect_answer(id, cookie, seq);
  }

  feeds all;
};

std::vector<std::uint32_t> cookies_of(const std::vector<feed*>& some) {
  std::vector<std::uint32_t> out;
  for (const auto* each : some)
    out.push_back(each->cookie());
  return out;
}

using cookies = std::vector<std::uint32_t>;

} // namespace

TEST_CASE("a feed is found by its cookie, its topic and its key") {
  some_feeds some;
  CHECK(some.all.empty());
  const auto first = some.add("/a");
  const auto second = some.add("/b");
  CHECK(first != second);
  CHECK(some.all.size() == 2);
  CHECK(some.all.find(second)->topic_name() == "/b");
  CHECK(some.all.find_topic("/a")->cookie() == first);
  CHECK(some.all.find_key("key of /b")->cookie() == second);
  CHECK(some.all.find(second + 1) == nullptr);
  CHECK(some.all.find_topic("/c") == nullptr);
  CHECK(some.all.find_key("") == nullptr);
}

TEST_CASE("a feed that has not joined is found by its topic only") {
  feeds all;
  all.add("/a");
  CHECK(all.find_topic("/a") != nullptr);
  CHECK(all.find_key("key of /a") == nullptr);
}

TEST_CASE("a cookie is never given twice") {
  some_feeds some;
  const auto first = some.add("/a");
  some.all.erase(first);
  CHECK(some.all.empty());
  CHECK(some.all.find(first) == nullptr);
  CHECK(some.add("/a") != first);
  some.all.erase(first);
  CHECK(some.all.size() == 1);
}

TEST_CASE("feeds are found whichever of them are gone") {
  some_feeds some;
  cookies made;
  for (int i = 0; i < 50; ++i)
    made.push_back(some.add("/" + std::to_string(i)));
  for (std::size_t i = 0; i < made.size(); i += 3)
    some.all.erase(made[i]);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto* const found = some.all.find(made[i]);
    REQUIRE((found == nullptr) == (i % 3 == 0));
    if (found)
      REQUIRE(found->topic_name() == "/" + std::to_string(i));
  }
}

TEST_CASE("a client's answer acknowledges the delivery of that id, once") {
  some_feeds some;
  const auto a = some.add("/a");
  some.deliver(a, 1, "x");
  some.deliver(a, 2, "y");
  const auto before = counters().acknowledgements.load();
  CHECK(cookies_of(some.all.answered("y")) == cookies{a});
  CHECK(some.all.find(a)->is_unacked(1));
  CHECK_FALSE(some.all.find(a)->is_unacked(2));
  CHECK(some.all.answered("y").empty());
  CHECK(some.all.answered("z").empty());
  CHECK(counters().acknowledgements.load() == before + 1);
}

TEST_CASE("an answer to a list acknowledges all that was in it") {
  some_feeds some;
  const auto a = some.add("/a");
  for (std::uint64_t seq = 1; seq <= 3; ++seq)
    some.deliver(a, seq, "list");
  const auto before = counters().acknowledgements.load();
  CHECK(cookies_of(some.all.answered("list")) == cookies{a});
  CHECK(counters().acknowledgements.load() == before + 3);
  CHECK(some.all.find(a)->state().unacked.empty());
}

TEST_CASE("an id that two topics share is answered for both") {
  some_feeds some;
  const auto a = some.add("/a");
  const auto b = some.add("/b");
  some.deliver(a, 1, "x");
  some.deliver(b, 1, "x");
  CHECK(cookies_of(some.all.answered("x")) == cookies{a, b});
}

TEST_CASE("a delivery that was repeated is acknowledged once") {
  some_feeds some;
  const auto a = some.add("/a");
  some.deliver(a, 1, "x");
  auto& testee = *some.all.find(a);
  REQUIRE(testee.expire_acks(deadline{30s}, noon));
  REQUIRE(hand_out(testee, deadline{30s}) == seqs{1});
  some.all.expect_answer("x", a, 1);
  CHECK(cookies_of(some.all.answered("x")) == cookies{a});
  CHECK_FALSE(testee.is_unacked(1));
  CHECK(some.all.answered("x").empty());
}

TEST_CASE("an answer for a subscription that is gone, or was settled, is nobody's") {
  some_feeds some;
  const auto a = some.add("/a");
  const auto b = some.add("/b");
  some.deliver(a, 1, "x");
  some.deliver(b, 1, "y");
  some.all.erase(a);
  CHECK(some.all.answered("x").empty());
  some.all.find(b)->acknowledge(1);
  CHECK(some.all.answered("y").empty());
}

TEST_CASE("however many answers never come, those that are awaited are known") {
  some_feeds some;
  const auto a = some.add("/a");
  constexpr std::uint64_t many = 20'000;
  // Acknowledged by sequence: their ids are never answered.
  for (std::uint64_t seq = 1; seq <= many; ++seq) {
    some.deliver(a, seq, "m" + std::to_string(seq));
    if (seq % 500 == 0)
      some.all.find(a)->acknowledge_up_to(seq - 10);
  }
  for (auto seq = many - 9; seq <= many; ++seq)
    REQUIRE(cookies_of(some.all.answered("m" + std::to_string(seq))) == cookies{a});
}

TEST_CASE("many deliveries that all await an answer are no work for the next one") {
  some_feeds some;
  cookies made;
  for (int i = 0; i < 20; ++i)
    made.push_back(some.add("/" + std::to_string(i)));
  const auto began = std::chrono::steady_clock::now();
  for (std::uint64_t seq = 1; seq <= 900; ++seq)
    for (const auto cookie : made)
      some.deliver(cookie, seq, std::to_string(cookie) + "-" + std::to_string(seq));
  // Looking through all of them at each one would take a minute.
  CHECK(std::chrono::steady_clock::now() - began < 5s);
  for (const auto cookie : made)
    for (std::uint64_t seq = 1; seq <= 900; ++seq)
      REQUIRE(some.all.answered(std::to_string(cookie) + "-" + std::to_string(seq)).size() == 1);
}

TEST_CASE("what is due first of all feeds is due") {
  some_feeds some;
  CHECK_FALSE(some.all.due());
  const auto a = some.add("/a");
  const auto b = some.add("/b");
  CHECK_FALSE(some.all.due());
  some.deliver(a, 1, "x", deadline{5s});
  some.deliver(b, 1, "y", deadline{2s});
  CHECK(some.all.due() == deadline{32s});
  some.all.erase(b);
  CHECK(some.all.due() == deadline{35s});
}
