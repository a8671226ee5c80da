#include "actors/pinger.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/restart_limit.hpp"
#include "actors/send_queue.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

const deadline start{};

send_queue::entry entry(std::size_t size, bool droppable = true, std::string key = {}) {
  return {std::make_shared<const std::string>(size, 'x'), droppable, std::move(key)};
}

} // namespace

TEST_CASE("a rate limiter lets a burst pass and refills") {
  rate_limiter limiter;
  limiter.set(rate_limit{2, 3}, start);
  for (int i = 0; i < 3; ++i)
    CHECK(limiter.count(start) == rate_limiter::verdict::pass);
  CHECK(limiter.count(start) == rate_limiter::verdict::refuse);
  CHECK(limiter.count(start + 500ms) == rate_limiter::verdict::pass);
  CHECK(limiter.count(start + 500ms) == rate_limiter::verdict::refuse);
}

TEST_CASE("a client that stays over its rate for ten seconds is given up") {
  rate_limiter limiter;
  limiter.set(rate_limit{1, 1}, start);
  auto now = start;
  auto verdict = rate_limiter::verdict::pass;
  for (; now < start + 9900ms; now += 100ms) {
    verdict = limiter.count(now);
    REQUIRE(verdict != rate_limiter::verdict::give_up);
  }
  for (; now < start + 12s && verdict != rate_limiter::verdict::give_up; now += 100ms)
    verdict = limiter.count(now);
  CHECK(verdict == rate_limiter::verdict::give_up);
}

TEST_CASE("a pause forgives what was over the rate") {
  rate_limiter limiter;
  limiter.set(rate_limit{1, 2}, start);
  for (int i = 0; i < 5; ++i)
    limiter.count(start + 1s);
  CHECK(limiter.count(start + 8s) == rate_limiter::verdict::pass);
  for (int i = 0; i < 5; ++i)
    CHECK(limiter.count(start + 12s) != rate_limiter::verdict::give_up);
}

TEST_CASE("without a limit everything passes") {
  rate_limiter limiter;
  limiter.set(std::nullopt, start);
  for (int i = 0; i < 1000; ++i)
    REQUIRE(limiter.count(start) == rate_limiter::verdict::pass);
}

TEST_CASE("consecutive missed pings are counted to the threshold") {
  pinger p;
  CHECK(!p.due());
  p.start(20s, 2, start);
  CHECK(*p.due() == start + 20s);
  CHECK(p.advance(start + 19s) == pinger::step::none);
  CHECK(p.advance(start + 20s) == pinger::step::ping);
  CHECK(*p.due() == start + 25s);
  CHECK(p.advance(start + 25s) == pinger::step::none);
  CHECK(p.advance(start + 40s) == pinger::step::ping);
  CHECK(p.advance(start + 45s) == pinger::step::give_up);
}

TEST_CASE("any Pong ends the count and gives the round trip") {
  pinger p;
  p.start(20s, 2, start);
  p.advance(start + 20s);
  p.advance(start + 25s);
  p.advance(start + 40s);
  CHECK(*p.pong(start + 41s) == 1s);
  CHECK(!p.pong(start + 42s));
  CHECK(p.advance(start + 60s) == pinger::step::ping);
  CHECK(p.advance(start + 65s) == pinger::step::none);
}

TEST_CASE("with an interval shorter than the patience the next ping waits") {
  pinger p;
  p.start(1s, 3, start);
  CHECK(p.advance(start + 1s) == pinger::step::ping);
  CHECK(p.advance(start + 3s) == pinger::step::none);
  CHECK(p.advance(start + 6s) == pinger::step::ping);
}

TEST_CASE("a send queue is bounded together with its wire") {
  send_queue queue;
  queue.configure(100, slow_consumer::close);
  CHECK(queue.push(entry(60), 0) == send_queue::outcome::queued);
  CHECK(queue.push(entry(30), 20) == send_queue::outcome::overflow);
  CHECK(queue.push(entry(30), 10) == send_queue::outcome::queued);
  CHECK(queue.bytes() == 90);
  queue.pop();
  CHECK(queue.bytes() == 30);
  CHECK(queue.size() == 1);
}

TEST_CASE("drop_oldest makes room with what may be dropped") {
  send_queue queue;
  queue.configure(100, slow_consumer::drop_oldest);
  queue.push(entry(40, false), 0);
  queue.push(entry(40, true), 0);
  CHECK(queue.push(entry(50, false), 0) == send_queue::outcome::dropped);
  CHECK(queue.size() == 2);
  CHECK(queue.dropped() == 1);
  CHECK(queue.push(entry(50, false), 0) == send_queue::outcome::overflow);
}

TEST_CASE("drop_newest leaves the queue as it is") {
  send_queue queue;
  queue.configure(100, slow_consumer::drop_newest);
  queue.push(entry(90), 0);
  CHECK(queue.push(entry(20), 0) == send_queue::outcome::dropped);
  CHECK(queue.bytes() == 90);
  CHECK(queue.dropped() == 1);
}

TEST_CASE("conflate keeps the newest of a key in the place of the oldest") {
  send_queue queue;
  queue.configure(100, slow_consumer::conflate);
  queue.push(entry(10, true, "a"), 0);
  queue.push(entry(10, true, "b"), 0);
  CHECK(queue.push(entry(25, true, "a"), 0) == send_queue::outcome::dropped);
  CHECK(queue.size() == 2);
  CHECK(queue.bytes() == 35);
  CHECK(queue.front().frame->size() == 25);
}

TEST_CASE("conflate keeps to its bound when the newest of a key is larger") {
  send_queue queue;
  queue.configure(100, slow_consumer::conflate);
  queue.push(entry(10, true, "a"), 0);
  queue.push(entry(30, true, "b"), 0);
  queue.push(entry(40, true), 0);
  // Larger than the one that it takes the place of: the oldest goes as well.
  CHECK(queue.push(entry(60, true, "a"), 0) == send_queue::outcome::dropped);
  CHECK(queue.bytes() <= 100);
  CHECK(queue.dropped() == 2);
  CHECK(queue.front().frame->size() == 40);
}

TEST_CASE("conflate drops what is too large for the queue, with the one that it replaces") {
  send_queue queue;
  queue.configure(100, slow_consumer::conflate);
  queue.push(entry(10, true, "a"), 0);
  queue.push(entry(50, false), 0);
  CHECK(queue.push(entry(60, true, "a"), 0) == send_queue::outcome::dropped);
  CHECK(queue.size() == 1);
  CHECK(queue.bytes() == 50);
  CHECK(queue.dropped() == 2);
}

TEST_CASE("five restarts in five seconds are allowed, a sixth is not") {
  restart_limit limit;
  for (int i = 0; i < 5; ++i)
    CHECK(limit.allow(start + i * 500ms));
  CHECK(!limit.allow(start + 3s));
  CHECK(limit.allow(start + 5100ms));
}
