#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

using std::chrono::milliseconds;

/// An operation that the test brings forward.
class one_operation : public admin_world {
public:
  one_operation() {
    state.id = "op.1";
    state.verb = operation_verb::invoke;
    state.matched = 2;
    state.started_at = wall_start;
    desk.on<start_operation, operation>([this](const start_operation& what) {
      started.push_back(what);
      auto out = state;
      out.dry_run = what.dry_run;
      return out;
    });
    desk.on<find_operation, operation>(
        [this](const find_operation& what) -> caf::expected<operation> {
          if (what.id != "op.1")
            return make_error(errc::not_found);
          auto out = state;
          const auto left_out = std::min<std::size_t>(what.after, out.outcomes.size());
          out.outcomes.erase(out.outcomes.begin(),
                             out.outcomes.begin() + static_cast<std::ptrdiff_t>(left_out));
          return out;
        });
    desk.on<cancel_operation, operation>([this](const cancel_operation&) {
      state.state = operation_state::cancelled;
      return state;
    });
  }

  void finish_one(const std::string& id, std::string data = "1") {
    state.outcomes.push_back({id, "ok", std::move(data), {}, 2.5, wall_start});
    if (++state.finished == state.matched)
      state.state = operation_state::done;
  }

  std::shared_ptr<fake_exchange> watch(const std::string& media_type) {
    return send(request("GET", "/api/v1/operations/op.1", {}, {{"accept", media_type}}));
  }

  operation state;
  std::vector<start_operation> started;
};

} // namespace

TEST_CASE_METHOD(one_operation, "a verb on many is answered at once with its operation") {
  const auto response =
      call("POST", "/api/v1/connections:invoke",
           R"({"selector":"channel == \"a\"","data":[1],"timeout":2,"max":9,"pace":0.5})");
  CHECK(response.status == 201);
  CHECK(header_of(response, "Location") == "/api/v1/operations/op.1");
  CHECK(member_of(response, "state") == R"("running")");
  REQUIRE(started.size() == 1);
  CHECK(started[0].verb == operation_verb::invoke);
  CHECK(started[0].where.text() == R"(channel == "a")");
  CHECK(started[0].data == "[1]");
  CHECK(started[0].max == 9U);
  CHECK(started[0].pace == 0.5);
  CHECK(started[0].timeout == std::chrono::seconds{2});
  CHECK(started[0].by == "token:admin");
}

TEST_CASE_METHOD(one_operation, "closing and telling many take what they need and nothing else") {
  const std::string all = "/api/v1/connections";
  CHECK(call("POST", all + ":close", R"({"selector":"","code":4005,"reason":"x"})").status == 201);
  CHECK(started.at(0).order.reason == "x");
  CHECK(call("POST", all + ":broadcast", R"({"selector":"","data":{"a":1}})").status == 201);
  CHECK(started.at(1).data == R"({"a":1})");
  for (const auto* body :
       {"{}", R"({"selector":1})", R"({"selector":"","timeout":1})", R"({"selector":"","pace":0})",
        R"({"selector":"","max":-1})", R"({"selector":"","dry_run":"yes"})"})
    CHECK(call("POST", all + ":broadcast", body).status == 400);
  CHECK(call("POST", all + ":close", R"({"selector":"","code":1006})").status == 400);
  CHECK(call("POST", all + ":invoke", R"({"selector":"","timeout":0})").status == 400);
}

TEST_CASE_METHOD(one_operation, "a dry run names the connections and makes nothing") {
  state.outcomes = {{"ws.1", "matched", {}, {}, 0, {}}, {"ws.2", "matched", {}, {}, 0, {}}};
  const auto response =
      call("POST", "/api/v1/connections:close", R"({"selector":"","dry_run":true})");
  CHECK(response.status == 200);
  CHECK(member_of(response, "connection_ids") == R"(["ws.1","ws.2"])");
  CHECK(started.at(0).dry_run);
}

TEST_CASE_METHOD(one_operation, "more matches than allowed are a conflict") {
  desk.on<start_operation, operation>([](const start_operation&) -> caf::expected<operation> {
    return make_error(errc::too_many_matches, "5 match");
  });
  const auto response = call("POST", "/api/v1/connections:close", R"({"selector":"","max":1})");
  CHECK(response.status == 409);
  CHECK(member_of(response, "code") == R"("too_many_matches")");
}

TEST_CASE_METHOD(one_operation, "an operation is shown with its outcomes") {
  finish_one("ws.1", R"({"a":1})");
  const auto response = call("GET", "/api/v1/operations/op.1");
  CHECK(response.status == 200);
  CHECK(member_of(response, "matched") == "2");
  CHECK(member_of(response, "finished") == "1");
  CHECK(member_of(response, "outcomes")
        == R"([{"connection_id":"ws.1","outcome":"ok","data":{"a":1},"ms":2.5,)"
           R"("at":"2026-11-23T12:00:00.000000Z"}])");
  CHECK(call("GET", "/api/v1/operations/op.2").status == 404);
}

TEST_CASE_METHOD(one_operation, "an operation is cancelled") {
  CHECK(call("DELETE", "/api/v1/operations/op.1").status == 204);
  CHECK(state.state == operation_state::cancelled);
}

TEST_CASE_METHOD(one_operation, "outcomes stream as JSON lines as they come, and the end ends it") {
  finish_one("ws.1", "{\n\"a\":1}");
  const auto stream = watch("application/x-ndjson");
  CHECK(stream->streaming);
  CHECK(header_of(stream->response, "Content-Type") == "application/x-ndjson");
  CHECK(std::count(stream->response.body.begin(), stream->response.body.end(), '\n') == 1);
  pass(milliseconds{200});
  CHECK(!stream->ended);
  finish_one("ws.2");
  pass(milliseconds{100});
  CHECK(stream->ended);
  const auto& body = stream->response.body;
  REQUIRE(std::count(body.begin(), body.end(), '\n') == 3);
  const auto first = body.substr(0, body.find('\n'));
  CHECK(find_member(first, "connection_id") == R"("ws.1")");
  const auto last = body.substr(body.rfind('\n', body.size() - 2) + 1);
  CHECK(find_member(last, "state") == R"("done")");
  CHECK(stream->answers == 1);
}

TEST_CASE_METHOD(one_operation, "outcomes stream as events with their numbers") {
  finish_one("ws.1");
  finish_one("ws.2");
  const auto stream = watch("text/event-stream");
  CHECK(stream->ended);
  const auto& body = stream->response.body;
  CHECK(body.find("id: 1\nevent: outcome\ndata: {\"connection_id\":\"ws.1\"") == 0);
  CHECK(body.find("id: 2\nevent: outcome\n") != std::string::npos);
  CHECK(body.find("event: done\ndata: {\"id\":\"op.1\"") != std::string::npos);
}

TEST_CASE_METHOD(one_operation, "an interrupted stream of events goes on where it was left") {
  finish_one("ws.1");
  finish_one("ws.2");
  const auto stream = send(request("GET", "/api/v1/operations/op.1", {},
                                   {{"accept", "text/event-stream"}, {"last-event-id", "1"}}));
  CHECK(stream->response.body.find("ws.1") == std::string::npos);
  CHECK(stream->response.body.find("id: 2\nevent: outcome\n") == 0);
}

TEST_CASE_METHOD(one_operation, "a stream whose reader is gone or slow asks no more") {
  const auto gone = watch("text/event-stream");
  REQUIRE(static_cast<bool>(gone->gone));
  gone->gone();
  const auto slow = watch("text/event-stream");
  slow->reader_is_slow = true;
  finish_one("ws.1");
  pass(milliseconds{200});
  const auto asked = desk.patiences.size();
  pass(std::chrono::seconds{1});
  CHECK(desk.patiences.size() == asked);
  CHECK(loop.deadlines().size() == 0);
}

TEST_CASE_METHOD(one_operation, "large streams go out in portions") {
  state.matched = 4;
  for (const auto* id : {"ws.1", "ws.2", "ws.3", "ws.4"})
    finish_one(id, '"' + std::string(200'000, 'x') + '"');
  const auto stream = watch("application/x-ndjson");
  CHECK(!stream->ended);
  CHECK(stream->response.body.size() <= 256 * 1024);
  pass(milliseconds{500});
  CHECK(stream->ended);
  CHECK(stream->response.body.size() > 800'000);
}

TEST_CASE_METHOD(one_operation, "the stream of a cancelled operation waits for what is under way") {
  finish_one("ws.1");
  state.state = operation_state::cancelled;
  const auto stream = watch("application/x-ndjson");
  pass(milliseconds{200});
  CHECK(!stream->ended);
  state.outcomes.push_back({"ws.2", "cancelled", {}, {}, 0, wall_start});
  pass(milliseconds{200});
  CHECK(stream->ended);
}
