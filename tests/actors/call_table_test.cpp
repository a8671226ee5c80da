#include "actors/call_table.hpp"
#include "actors/service_calls.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

const deadline start{};

class one_call {
public:
  one_call() { add("m1", "op1", 5s); }
  void add(std::string id, std::string operation, duration timeout) {
    table.add(std::move(id), std::move(operation), start, timestamp{}, timeout,
              [this](invoke_reply reply) { replies.push_back(std::move(reply)); });
  }
  call_table table;
  call_table::late_call late;
  std::vector<invoke_reply> replies;
};

} // namespace

TEST_CASE_METHOD(one_call, "an answer in time ends its call") {
  CHECK(table.settle("m1", false, "7", start + 1s, late) == call_table::found::in_time);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].outcome == invoke_outcome::ok);
  CHECK(replies[0].data == "7");
  CHECK(replies[0].ms == 1000);
  CHECK(!table.due());
  CHECK(table.settle("m1", false, "8", start + 1s, late) == call_table::found::stranger);
}

TEST_CASE_METHOD(one_call, "a client's error is an outcome of its own") {
  table.settle("m1", true, "{}", start, late);
  CHECK(replies.at(0).outcome == invoke_outcome::error);
}

TEST_CASE_METHOD(one_call, "an answer after the timeout is late, once") {
  CHECK(*table.due() == start + 5s);
  CHECK(table.expire(start + 4s) == 0);
  CHECK(table.expire(start + 5s) == 1);
  CHECK(replies.at(0).outcome == invoke_outcome::timeout);
  CHECK(table.settle("m1", false, "7", start + 6s, late) == call_table::found::late);
  CHECK(late.operation == "op1");
  CHECK(late.data == "7");
  CHECK(late.ms == 6000);
  CHECK(table.settle("m1", false, "7", start + 6s, late) == call_table::found::stranger);
}

TEST_CASE_METHOD(one_call, "calls time out in the order of their deadlines") {
  add("m2", "op2", 1s);
  add("m3", "op3", 1s);
  CHECK(*table.due() == start + 1s);
  CHECK(table.expire(start + 2s) == 2);
  CHECK(*table.due() == start + 5s);
}

TEST_CASE_METHOD(one_call, "a call can be cancelled by its operation") {
  CHECK(!table.cancel("op9", start));
  CHECK(table.cancel("op1", start));
  CHECK(replies.at(0).outcome == invoke_outcome::cancelled);
}

TEST_CASE_METHOD(one_call, "all calls end with their connection") {
  add("m2", "op2", 1s);
  table.end_all(invoke_outcome::closed, start);
  CHECK(replies.size() == 2);
  CHECK(table.size() == 0);
  CHECK(!table.due());
}

TEST_CASE("calls that were never answered are remembered in a bounded number") {
  call_table table;
  int ended = 0;
  for (int i = 0; i < 10000; ++i) {
    table.add(std::to_string(i), "op", start, {}, 1s, [&](const invoke_reply&) { ++ended; });
    table.expire(start + 1s);
  }
  CHECK(ended == 10000);
  call_table::late_call late;
  CHECK(table.settle("0", false, "1", start, late) == call_table::found::stranger);
  CHECK(table.settle("9999", false, "1", start, late) == call_table::found::late);
}

TEST_CASE("a service call whose time is over is not answered twice") {
  service_calls calls;
  const auto first = calls.add({"a", "c1", start + 1s, {}});
  const auto second = calls.add({"b", "c2", start + 3s, {}});
  CHECK(*calls.due() == start + 1s);
  CHECK(calls.expire(start + 2s).size() == 1);
  CHECK(!calls.take(first));
  CHECK(calls.take(second)->in_reply_to == "b");
  CHECK(calls.empty());
}
