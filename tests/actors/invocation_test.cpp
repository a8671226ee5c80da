#include "actors/invocation.hpp"

#include "tests/actors/some_connections.hpp"
#include "tests/catch.hpp"

#include <algorithm>

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct many_connections : test::some_connections {
  start_operation request;

  many_connections() {
    connect(5);
    request.verb = operation_verb::invoke;
    request.data = "1";
  }

  std::size_t asked() const {
    return static_cast<std::size_t>(std::count_if(
        scripts.begin(), scripts.end(), [](const auto& each) { return !each->invokes.empty(); }));
  }
  void answer_all(invoke_outcome outcome = invoke_outcome::ok) {
    for (const auto& each : scripts)
      each->answer(reply(outcome));
    settle();
  }
  std::size_t with_outcome(const operation& item, const std::string& outcome) {
    return static_cast<std::size_t>(
        std::count_if(item.outcomes.begin(), item.outcomes.end(),
                      [&](const auto& each) { return each.outcome == outcome; }));
  }
};

} // namespace

TEST_CASE_METHOD(many_connections, "an operation answers at once and gathers the outcomes") {
  const auto started = *start_many(request);
  CHECK(started.state == operation_state::running);
  CHECK(started.matched == 5);
  CHECK(started.by == "ada");
  CHECK(asked() == 5);
  scripts[1]->answer(reply(invoke_outcome::ok, "17"));
  pass(100ms);
  const auto then = *find(started.id);
  CHECK(then.finished == 1);
  CHECK(then.outcomes[0].connection_id == "ws.1");
  CHECK(then.outcomes[0].data == "17");
  answer_all(invoke_outcome::refused);
  const auto end = *find(started.id);
  CHECK(end.state == operation_state::done);
  CHECK(end.finished == 5);
  CHECK(with_outcome(end, "refused") == 4);
  CHECK(find(started.id, 4)->outcomes.size() == 1);
  CHECK(find(started.id, 4)->finished == 5);
  CHECK(find(started.id, 9)->outcomes.empty());
}

TEST_CASE_METHOD(many_connections, "a dry run names the connections and does nothing") {
  request.dry_run = true;
  const auto answer = *start_many(request);
  CHECK(answer.state == operation_state::done);
  CHECK(answer.dry_run);
  CHECK(answer.matched == 5);
  CHECK(answer.finished == 0);
  REQUIRE(answer.outcomes.size() == 5);
  CHECK(answer.outcomes[4].connection_id == "ws.4");
  CHECK(asked() == 0);
}

TEST_CASE_METHOD(many_connections, "more matches than allowed are refused, and nothing is done") {
  request.max = 4;
  CHECK(start_many(request).error() == errc::too_many_matches);
  CHECK(asked() == 0);
  request.max = 5;
  CHECK(start_many(request).replied());
}

TEST_CASE_METHOD(many_connections, "an operation without matches is done") {
  roll->clear();
  const auto answer = *start_many(request);
  CHECK(answer.state == operation_state::done);
  CHECK(find(answer.id)->matched == 0);
}

TEST_CASE_METHOD(many_connections, "the pace is kept") {
  request.pace = 2;
  const auto id = start_many(request)->id;
  CHECK(asked() == 1);
  pass(490ms);
  CHECK(asked() == 1);
  pass(20ms);
  CHECK(asked() == 2);
  pass(1s);
  CHECK(asked() == 4);
  pass(500ms);
  CHECK(asked() == 5);
  answer_all();
  CHECK(find(id)->state == operation_state::done);
  request.pace = 0;
  CHECK(start_many(request).error() == errc::bad_request);
}

TEST_CASE_METHOD(many_connections, "so many are called at a time as the window is wide") {
  connect(invocation::window);
  const auto id = start_many(request)->id;
  CHECK(asked() == invocation::window);
  scripts[0]->answer(reply(invoke_outcome::ok));
  settle();
  CHECK(asked() == invocation::window + 1);
  answer_all();
  answer_all();
  CHECK(find(id)->finished == invocation::window + 5);
  CHECK(find(id)->state == operation_state::done);
}

TEST_CASE_METHOD(many_connections,
                 "a cancelled operation ends what is under way and skips the rest") {
  request.pace = 10;
  const auto id = start_many(request)->id;
  pass(100ms);
  REQUIRE(asked() == 2);
  scripts[0]->answer(reply(invoke_outcome::ok));
  settle();
  CHECK(cancel(id)->state == operation_state::cancelled);
  const auto end = *find(id);
  CHECK(end.state == operation_state::cancelled);
  CHECK(end.finished == 5);
  CHECK(with_outcome(end, "ok") == 1);
  CHECK(with_outcome(end, "cancelled") == 4);
  pass(1s);
  CHECK(asked() == 2);
  CHECK(cancel(id)->state == operation_state::cancelled);
}

TEST_CASE_METHOD(many_connections, "to cancel what is done changes nothing") {
  const auto id = start_many(request)->id;
  answer_all();
  CHECK(cancel(id)->state == operation_state::done);
}

TEST_CASE_METHOD(many_connections, "connections that go away or never answer are closed") {
  const auto id = start_many(request)->id;
  tell(roll->at(0).connection, drill{});
  exit(roll->at(1).connection);
  pass(100ms);
  CHECK(with_outcome(*find(id), "closed") == 2);
  pass(12s);
  const auto end = *find(id);
  CHECK(end.state == operation_state::done);
  CHECK(with_outcome(end, "closed") == 5);
}

TEST_CASE_METHOD(many_connections, "a close of many has the receipts as its outcomes") {
  request.verb = operation_verb::close;
  request.order = {4005, "bye", "ada"};
  const auto id = start_many(request)->id;
  CHECK(scripts[0]->orders[0].code == 4005);
  close_receipt receipt;
  receipt.outcome = close_outcome::echoed;
  receipt.ms = 3;
  scripts[0]->answer(receipt);
  receipt.outcome = close_outcome::no_echo;
  scripts[1]->answer(receipt);
  for (std::size_t i = 2; i < 5; ++i)
    tell(roll->at(i).connection, drill{});
  const auto end = *find(id);
  CHECK(end.state == operation_state::done);
  CHECK(with_outcome(end, "echoed") == 1);
  CHECK(with_outcome(end, "no_echo") == 1);
  CHECK(with_outcome(end, "gone") == 3);
}

TEST_CASE_METHOD(many_connections, "a broadcast is one frame that all share") {
  request.verb = operation_verb::broadcast;
  request.data = R"({"hello":"all"})";
  scripts[3]->has_session = false;
  const auto end = *find(start_many(request)->id);
  CHECK(end.state == operation_state::done);
  CHECK(with_outcome(end, "sent") == 4);
  CHECK(with_outcome(end, "refused") == 1);
  REQUIRE(scripts[0]->frames.size() == 1);
  CHECK(scripts[0]->frames[0] == scripts[4]->frames[0]);
  CHECK(scripts[0]->frames[0]->find(R"({"hello":"all"})") != std::string::npos);
  CHECK(scripts[0]->frames[0]->find("zwsx.rqc") != std::string::npos);
}

TEST_CASE_METHOD(many_connections, "too many operations at a time are refused") {
  for (std::size_t i = 0; i < operations::max_running; ++i)
    CHECK(start_many(request).replied());
  CHECK(start_many(request).error() == errc::too_many_requests);
  answer_all();
  CHECK(start_many(request).replied());
}
