#include "actors/sign_in_guard.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct a_guard {
  sign_in_guard testee;
  deadline now{1h};

  duration attempt(const std::string& username, const std::string& address) {
    return testee.attempt(username, address, now);
  }
  void fail(int times) {
    for (int i = 0; i < times; ++i)
      REQUIRE(attempt("ada", "10.0.0.1") == 0s);
  }
};

} // namespace

TEST_CASE_METHOD(a_guard, "the first five failures are free, then each doubles the wait") {
  fail(5);
  for (const auto wait : {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s}) {
    CHECK(attempt("ada", "10.0.0.1") == wait);
    now += wait;
    CHECK(attempt("ada", "10.0.0.1") == 0s);
  }
}

TEST_CASE_METHOD(a_guard, "a name waits wherever it comes from, an address whoever it names") {
  fail(5);
  CHECK(attempt("ada", "10.0.0.2") == 1s);
  CHECK(attempt("bob", "10.0.0.1") == 1s);
  CHECK(attempt("bob", "10.0.0.2") == 0s);
}

TEST_CASE_METHOD(a_guard, "being refused does not make the wait longer") {
  fail(5);
  for (int i = 0; i < 100; ++i)
    CHECK(attempt("ada", "10.0.0.1") == 1s);
}

TEST_CASE_METHOD(a_guard, "a success starts the name anew but not its address") {
  fail(4);
  REQUIRE(attempt("ada", "10.0.0.1") == 0s);
  testee.succeeded("ada", "10.0.0.1");
  CHECK(attempt("ada", "10.0.0.1") == 0s);
  CHECK(attempt("ada", "10.0.0.1") == 1s);
  CHECK(attempt("ada", "10.0.0.2") == 0s);
}

TEST_CASE_METHOD(a_guard, "an attempt that was never checked counts for nothing") {
  for (int i = 0; i < 20; ++i) {
    REQUIRE(attempt("ada", "10.0.0.1") == 0s);
    testee.not_tried("ada", "10.0.0.1");
  }
  CHECK(testee.size() == 0);
}

TEST_CASE_METHOD(a_guard, "failures are forgotten after a quarter of an hour") {
  fail(5);
  now += 15min;
  fail(5);
  CHECK(attempt("ada", "10.0.0.1") == 1s);
}

TEST_CASE_METHOD(a_guard, "many names and addresses do not fill the memory") {
  for (int i = 0; i < 30000; ++i)
    attempt("user" + std::to_string(i), "address" + std::to_string(i));
  CHECK(testee.size() == sign_in_guard::max_entries);
}
