#include "tests/actors/some_connections.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;
using test::some_connections;

namespace {

struct one_connection : some_connections {
  one_connection() { connect(1); }
  test::connection_script& client() { return *scripts[0]; }
};

} // namespace

TEST_CASE_METHOD(one_connection, "the outcome of a call is what the connection says") {
  for (const auto outcome :
       {invoke_outcome::ok, invoke_outcome::error, invoke_outcome::timeout, invoke_outcome::closed,
        invoke_outcome::refused, invoke_outcome::cancelled}) {
    auto answer = call("ws.0");
    REQUIRE(answer.pending());
    REQUIRE(client().invokes.back().data == R"({"a":1})");
    REQUIRE(client().invokes.back().timeout == 5s);
    client().answer(reply(outcome, "17"));
    settle();
    CHECK(answer->reply.outcome == outcome);
    CHECK(answer->reply.data == "17");
    CHECK(answer->reply.ms == 1.5);
    CHECK(answer->operation == client().invokes.back().operation);
    const auto kept = *find(answer->operation);
    CHECK(kept.state == operation_state::done);
    CHECK(kept.by == "ada");
    REQUIRE(kept.outcomes.size() == 1);
    CHECK(kept.outcomes[0].connection_id == "ws.0");
    CHECK(kept.outcomes[0].outcome == to_string(outcome));
  }
}

TEST_CASE_METHOD(one_connection, "a connection that is not on the roll is not found") {
  CHECK(call("ws.77").error() == errc::not_found);
}

TEST_CASE_METHOD(one_connection, "a connection that has ended since gives closed") {
  exit(roll->front().connection);
  CHECK(call("ws.0")->reply.outcome == invoke_outcome::closed);
}

TEST_CASE_METHOD(one_connection, "a connection that fails during a call gives closed at once") {
  auto answer = call("ws.0");
  tell(roll->front().connection, drill{});
  CHECK(answer->reply.outcome == invoke_outcome::closed);
}

TEST_CASE_METHOD(one_connection, "a connection that never answers is given up after a while") {
  auto answer = call("ws.0", 5s);
  pass(9s);
  CHECK(answer.pending());
  pass(3s);
  CHECK(answer->reply.outcome == invoke_outcome::closed);
  client().answer(reply(invoke_outcome::ok));
  settle();
  CHECK(find(answer->operation)->outcomes[0].outcome == "closed");
}

TEST_CASE_METHOD(one_connection, "a late answer is found in the operation of its call") {
  auto answer = call("ws.0");
  client().answer(reply(invoke_outcome::timeout));
  settle();
  CHECK(answer->reply.outcome == invoke_outcome::timeout);
  tell(testee, late_reply{answer->operation, "ws.0", reply(invoke_outcome::late, "18")});
  const auto kept = *find(answer->operation);
  CHECK(kept.outcomes[0].outcome == "late");
  CHECK(kept.outcomes[0].data == "18");
}

TEST_CASE_METHOD(one_connection, "ten thousand calls that nobody answers leave nothing running") {
  std::vector<test::answer<invoke_finished>> answers;
  for (int i = 0; i < 10000; ++i)
    answers.push_back(ask_later<invoke_finished>(testee, start_invoke{"ws.0", "1", 5s, "ada"}));
  settle();
  CHECK(call("ws.0").error() == errc::too_many_requests);
  client().answer(reply(invoke_outcome::timeout));
  pass(1s);
  for (const auto& answer : answers)
    CHECK(answer->reply.outcome == invoke_outcome::timeout);
  // The oldest has made room for this one.
  auto next = call("ws.0");
  CHECK(next.pending());
  client().answer(reply(invoke_outcome::ok));
  settle();
  CHECK(next.replied());
  CHECK(find(answers.front()->operation).failed());
  CHECK(find(answers.back()->operation).replied());
}

TEST_CASE_METHOD(one_connection, "an end of the server answers the calls that wait") {
  auto answer = call("ws.0");
  exit(testee);
  CHECK(answer.error() == errc::draining);
}

TEST_CASE_METHOD(one_connection, "a drill ends the operations") {
  tell(testee, drill{});
  CHECK(call("ws.0").failed());
}

TEST_CASE_METHOD(one_connection, "an operation that is not known is not found") {
  CHECK(find("op.1").error() == errc::not_found);
  CHECK(cancel("op.1").error() == errc::not_found);
}
