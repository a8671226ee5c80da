#include "actors/operation_book.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct a_book {
  operation_book testee;
  deadline now{1h};

  bool add(const std::string& id) {
    operation item;
    item.id = id;
    return testee.add(item, now);
  }
  void outcome(const std::string& id, const std::string& connection, const std::string& what,
               const std::string& data = "null") {
    testee.add_outcomes(id, {{connection, what, data, {}, 0, {}}});
  }
  void late(const std::string& id, const std::string& connection, const std::string& data) {
    testee.add_late(id, {connection, "late", data, {}, 0, {}});
  }
  void finish(const std::string& id) { testee.finish(id, {}, now); }
  const operation* find(const std::string& id) { return testee.find(id, now); }
};

} // namespace

TEST_CASE_METHOD(a_book, "an operation gathers its outcomes until it is done") {
  add("a");
  CHECK(find("a")->state == operation_state::running);
  outcome("a", "ws.1", "ok", "17");
  CHECK(find("a")->finished == 1);
  CHECK(find("a")->outcomes[0].data == "17");
  finish("a");
  CHECK(find("a")->state == operation_state::done);
  CHECK(find("b") == nullptr);
}

TEST_CASE_METHOD(a_book, "one that was cancelled stays so when its rest comes in") {
  add("a");
  testee.cancel("a");
  outcome("a", "ws.1", "cancelled");
  finish("a");
  CHECK(find("a")->state == operation_state::cancelled);
  CHECK(find("a")->finished == 1);
}

TEST_CASE_METHOD(a_book, "a late answer takes the place of its timeout") {
  add("a");
  outcome("a", "ws.1", "timeout");
  outcome("a", "ws.2", "timeout");
  SECTION("while others are waited for") {}
  SECTION("after the end") {
    finish("a");
  }
  late("a", "ws.2", "17");
  CHECK(find("a")->outcomes[0].outcome == "timeout");
  CHECK(find("a")->outcomes[1].outcome == "late");
  CHECK(find("a")->outcomes[1].data == "17");
  CHECK(find("a")->finished == 2);
}

TEST_CASE_METHOD(a_book, "a late answer may be told before its timeout") {
  add("a");
  late("a", "ws.1", "17");
  CHECK(find("a")->outcomes.empty());
  outcome("a", "ws.1", "timeout");
  CHECK(find("a")->outcomes[0].outcome == "late");
}

TEST_CASE_METHOD(a_book, "a late answer of nobody, or to what is answered, changes nothing") {
  add("a");
  outcome("a", "ws.1", "ok", "1");
  late("a", "ws.1", "2");
  CHECK(find("a")->outcomes[0].data == "1");
  finish("a");
  late("a", "ws.9", "2");
  late("b", "ws.1", "2");
  CHECK(find("a")->outcomes.size() == 1);
}

TEST_CASE_METHOD(a_book, "what finished is kept for an hour") {
  add("a");
  finish("a");
  add("running");
  now += 59min;
  CHECK(find("a") != nullptr);
  now += 1min;
  CHECK(find("a") == nullptr);
  CHECK(find("running") != nullptr);
}

TEST_CASE_METHOD(a_book, "of too many the first to finish is dropped, never a running one") {
  for (std::size_t i = 0; i < operation_book::max_operations; ++i)
    CHECK(add(std::to_string(i)));
  CHECK(!add("one more"));
  finish("7");
  finish("3");
  CHECK(add("one more"));
  CHECK(find("7") == nullptr);
  CHECK(find("3") != nullptr);
  CHECK(find("0") != nullptr);
  CHECK(testee.size() == operation_book::max_operations);
}

TEST_CASE_METHOD(a_book, "large answers push out the oldest ones") {
  const std::string large(1024 * 1024, 'x');
  for (int i = 0; i < 100; ++i) {
    const auto id = std::to_string(i);
    add(id);
    outcome(id, "ws.1", "ok", large);
    finish(id);
    CHECK(testee.bytes() <= operation_book::max_bytes);
  }
  CHECK(find("0") == nullptr);
  CHECK(find("99")->outcomes[0].data == large);
}

TEST_CASE_METHOD(a_book, "where only running ones are left, answers are kept without their data") {
  const std::string large(1024 * 1024, 'x');
  add("a");
  for (int i = 0; i < 100; ++i)
    outcome("a", "ws." + std::to_string(i), "ok", large);
  CHECK(testee.bytes() <= operation_book::max_bytes);
  const auto& last = find("a")->outcomes.back();
  CHECK(last.outcome == "ok");
  CHECK(last.data.empty());
  CHECK(!last.detail.empty());
}

TEST_CASE_METHOD(a_book, "what was dropped weighs nothing") {
  for (int i = 0; i < 50; ++i) {
    const auto id = std::to_string(i);
    add(id);
    outcome(id, "ws.1", "timeout", "null");
    late(id, "ws.1", std::string(1000, 'x'));
    finish(id);
  }
  now += 1h;
  CHECK(find("0") == nullptr);
  CHECK(testee.bytes() == 0);
}
