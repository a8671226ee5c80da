#include "actors/wheel.hpp"

#include "tests/catch.hpp"

#include <functional>
#include <memory>
#include <vector>

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct bell final : wheel::timer {
  std::function<void()> then;
  int fired = 0;
  void on_deadline() override {
    ++fired;
    if (then)
      then();
  }
};

struct one_wheel {
  deadline start{1000s};
  wheel testee{start};
  bell first, second;
};

} // namespace

TEST_CASE_METHOD(one_wheel, "a deadline fires at most a tick late and never early") {
  for (int offset = 0; offset < 25; ++offset) {
    wheel each{start};
    bell one;
    const auto due = start + offset * 1ms;
    each.arm(one, due);
    auto now = start;
    while (one.fired == 0) {
      now += 1ms;
      each.advance(now);
      REQUIRE(now <= due + wheel::tick);
    }
    CHECK(now >= due);
    CHECK(one.fired == 1);
    CHECK(!one.armed());
  }
}

TEST_CASE_METHOD(one_wheel, "deadlines beyond one round of the wheel wait for theirs") {
  testee.arm(first, start + 45s);
  for (auto now = start; now < start + 45s; now += 100ms)
    testee.advance(now);
  CHECK(first.fired == 0);
  testee.advance(start + 45s);
  CHECK(first.fired == 1);
}

TEST_CASE_METHOD(one_wheel, "a leap of time fires all that is due once") {
  testee.arm(first, start + 20ms);
  testee.arm(second, start + 90s);
  testee.advance(start + 1h);
  CHECK(first.fired == 1);
  CHECK(second.fired == 1);
  CHECK(testee.size() == 0);
}

TEST_CASE_METHOD(one_wheel, "arming again moves a deadline") {
  testee.arm(first, start + 20ms);
  testee.arm(first, start + 200ms);
  CHECK(testee.size() == 1);
  testee.advance(start + 100ms);
  CHECK(first.fired == 0);
  testee.advance(start + 200ms);
  CHECK(first.fired == 1);
}

TEST_CASE_METHOD(one_wheel, "a timer that is armed by one that fires waits for the next call") {
  first.then = [&] { testee.arm(first, start); };
  testee.arm(first, start + 10ms);
  testee.advance(start + 10ms);
  CHECK(first.fired == 1);
  CHECK(first.armed());
  testee.advance(start + 20ms);
  CHECK(first.fired == 2);
}

TEST_CASE_METHOD(one_wheel, "a timer may disarm another that is due at the same time") {
  first.then = [&] { second.disarm(); };
  testee.arm(first, start + 10ms);
  testee.arm(second, start + 10ms);
  testee.advance(start + 1s);
  CHECK(first.fired == 1);
  CHECK(second.fired == 0);
  CHECK(testee.size() == 0);
}

TEST_CASE_METHOD(one_wheel, "a timer that goes takes its deadline along") {
  {
    bell brief;
    testee.arm(brief, start + 10ms);
  }
  CHECK(testee.size() == 0);
  testee.advance(start + 1s);
}

TEST_CASE("a wheel that goes disarms what is left") {
  bell one;
  {
    wheel brief{deadline{}};
    brief.arm(one, deadline{1s});
  }
  CHECK(!one.armed());
}

TEST_CASE_METHOD(one_wheel, "the next deadline is known well enough to sleep until it") {
  CHECK(testee.next() == deadline::max());
  testee.arm(first, start + 5s);
  CHECK(testee.next() <= start + 5s);
  CHECK(testee.next() > start + 4s);
  testee.arm(second, start + 1s);
  CHECK(testee.next() <= start + 1s);
  testee.advance(start + 1s);
  CHECK(second.fired == 1);
  CHECK(testee.next() > start + 4s);
  CHECK(testee.next() <= start + 5s + wheel::tick);
  testee.advance(testee.next());
  CHECK(first.fired == 1);
  CHECK(testee.next() == deadline::max());
}

TEST_CASE_METHOD(one_wheel, "thousands of deadlines fire each at its time") {
  std::vector<std::unique_ptr<bell>> many;
  std::vector<deadline> dues;
  for (int i = 0; i < 5000; ++i) {
    many.push_back(std::make_unique<bell>());
    dues.push_back(start + i * 7919 % 30000 * 1ms);
    testee.arm(*many.back(), dues.back());
  }
  for (auto now = start; now <= start + 30s; now += 10ms) {
    testee.advance(now);
    for (std::size_t i = 0; i < many.size(); i += 97)
      REQUIRE((many[i]->fired == 1) == (dues[i] <= now));
  }
  CHECK(testee.size() == 0);
}
