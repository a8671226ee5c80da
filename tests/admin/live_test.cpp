#include "admin/live_stream.hpp"
#include "messages/metrics.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// Streams of one who is signed in, mostly of the connection `ws.1`, whose name changes.
class some_watches : public admin_world {
public:
  some_watches() {
    desk.on<authenticate, identity>([this](const authenticate& who) -> caf::expected<identity> {
      asked.push_back(who);
      if (trouble != errc{})
        return make_error(trouble);
      return identity{"ann", rank, "c1", 1800};
    });
    desk.on<find_connection, found_connection>(
        [this](const find_connection& what) -> caf::expected<found_connection> {
          ++looks;
          if (failure != errc{})
            return make_error(failure);
          return found_connection{{row_of(what.id, name), {}}};
        });
  }

  static row_ptr row_of(const std::string& id, const std::string& name) {
    arrival from;
    from.id = id;
    from.channel = "demo";
    auto row = std::make_shared<connection_row>();
    row->from = std::make_shared<const arrival>(from);
    auto who = std::make_shared<caller>();
    who->client_name = name;
    row->who = who;
    row->counters = std::make_shared<const connection_counters>();
    return row;
  }

  std::shared_ptr<fake_exchange> open(const std::string& query, const std::string& method = "GET") {
    return send(
        request(method, "/api/v1/live?" + query, {}, {{"cookie", "muster_session=s1"}}, ""));
  }

  /// What the stream has sent since it was asked last.
  static std::string take(fake_exchange& stream) { return std::exchange(stream.response.body, {}); }

  static std::size_t count(const std::string& text, std::string_view what) {
    std::size_t out = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1))
      ++out;
    return out;
  }

  std::vector<authenticate> asked;
  errc trouble{};
  role rank = role::viewer;
  errc failure{};
  int looks = 0;
  std::string name = "Till 1";
};

} // namespace

TEST_CASE_METHOD(some_watches, "a stream begins with what is there and sends what changes") {
  const auto stream = open("watch=/connections/ws.1");
  CHECK(stream->streaming);
  CHECK(header_of(stream->response, "Content-Type") == "text/event-stream");
  auto text = take(*stream);
  CHECK(text.find(": alive\n\n") != std::string::npos);
  CHECK(text.find("event: state\ndata: {\"watch\":0,\"value\":{\"id\":\"ws.1\"")
        != std::string::npos);
  pass(900ms);
  CHECK(looks == 1);
  name = "Till 2";
  pass(200ms);
  CHECK(looks == 2);
  CHECK(count(take(*stream), R"("client_name":"Till 2")") == 1);
  CHECK(stream->answers == 1);
}

TEST_CASE_METHOD(some_watches, "watching is no use of a session") {
  const auto stream = open("watch=/connections/ws.1");
  pass(2500ms);
  REQUIRE(asked.size() == 3);
  for (const auto& each : asked) {
    CHECK(each.session_cookie == "s1");
    CHECK(each.passive);
  }
  call("GET", "/api/v1/connections/ws.1");
  CHECK(!asked.back().passive);
}

TEST_CASE_METHOD(some_watches, "a failure is told once, and what comes after it whole") {
  const auto stream = open("watch=/connections/ws.1");
  take(*stream);
  failure = errc::unavailable;
  pass(3s);
  auto text = take(*stream);
  CHECK(count(text, "event: problem\n") == 1);
  CHECK(text.find(R"({"watch":0,"problem":{"type":)") != std::string::npos);
  failure = errc::not_found;
  pass(1100ms);
  CHECK(count(take(*stream), "event: problem\n") == 1);
  failure = {};
  pass(1100ms);
  text = take(*stream);
  CHECK(count(text, "event: state\n") == 1);
  CHECK(count(text, "event: problem\n") == 0);
}

TEST_CASE_METHOD(some_watches, "who has no session any more is told, and the stream ends") {
  const auto stream = open("watch=/connections/ws.1");
  trouble = errc::unauthorized;
  pass(1100ms);
  const auto text = take(*stream);
  CHECK(text.ends_with("event: signed_out\ndata: {}\n\n"));
  CHECK(stream->ended);
  pass(5s);
  CHECK(looks == 1);
  CHECK(loop.deadlines().size() == 0);
}

TEST_CASE_METHOD(some_watches, "a sign-out is noticed before a long interval is over") {
  const auto stream = open("watch=/connections/ws.1&interval=60");
  trouble = errc::unauthorized;
  pass(5s);
  CHECK(stream->ended);
}

TEST_CASE_METHOD(some_watches, "accounts that do not answer are a problem that passes") {
  const auto stream = open("watch=/connections/ws.1&watch=/connections/ws.2");
  take(*stream);
  trouble = errc::unavailable;
  pass(2s);
  CHECK(count(take(*stream), "event: problem\n") == 2);
  trouble = {};
  pass(1100ms);
  CHECK(count(take(*stream), "event: state\n") == 2);
}

TEST_CASE_METHOD(some_watches, "each call is made with the role of now") {
  desk.on<list_users, user_list>([](const list_users&) { return user_list{}; });
  const auto stream = open("watch=/users");
  CHECK(take(*stream).find(R"("code":"forbidden")") != std::string::npos);
  rank = role::admin;
  pass(1100ms);
  CHECK(count(take(*stream), "event: state\n") == 1);
}

TEST_CASE_METHOD(some_watches, "a sign of life comes at least every five seconds") {
  const auto stream = open("watch=/connections/ws.1&interval=60");
  for (int i = 0; i < 4; ++i) {
    take(*stream);
    pass(5s);
    CHECK(count(take(*stream), ": alive\n\n") >= 1);
  }
  CHECK(looks == 1);
}

TEST_CASE_METHOD(some_watches, "a call that is slow is not made again before it has answered") {
  desk.slow = true;
  const auto stream = open("watch=/connections/ws.1");
  const auto before = desk.patiences.size();
  pass(5s);
  // Only who it is was asked.
  CHECK(looks == 0);
  CHECK(desk.patiences.size() >= before + 4);
  desk.answer_now();
  settle();
  CHECK(looks == 1);
  CHECK(count(take(*stream), "event: state\n") == 1);
  // What took so long rests as long.
  pass(4500ms);
  CHECK(looks == 1);
  pass(1100ms);
  CHECK(looks == 2);
}

TEST_CASE_METHOD(some_watches, "watching ends when the reader is gone or slow") {
  const auto gone = open("watch=/connections/ws.1");
  REQUIRE(gone->gone);
  std::exchange(gone->gone, nullptr)();
  const auto slow = open("watch=/connections/ws.1");
  slow->reader_is_slow = true;
  name = "Till 2";
  pass(1100ms);
  const auto before = looks;
  pass(5s);
  CHECK(looks == before);
  CHECK(loop.deadlines().size() == 0);
  CHECK(gone.use_count() == 1);
  CHECK(slow.use_count() == 1);
}

TEST_CASE_METHOD(some_watches, "an answer that comes when the reader is gone is nobody's") {
  desk.slow = true;
  const auto stream = open("watch=/connections/ws.1");
  std::exchange(stream->gone, nullptr)();
  desk.answer_now();
  settle();
  CHECK(stream.use_count() == 1);
}

TEST_CASE_METHOD(some_watches, "long answers are sent bit by bit") {
  name = std::string(1 << 20, 'x');
  const auto stream = open("watch=/connections/ws.1");
  CHECK(stream->response.body.size() < 300'000);
  pass(300ms);
  CHECK(stream->response.body.size() > name.size());
  CHECK(stream->response.body.ends_with("}\n\n"));
}

TEST_CASE_METHOD(some_watches, "what is published with line ends stays one line") {
  desk.on<find_connection, found_connection>([](const find_connection& what) {
    return found_connection{{row_of(what.id, "a\nb"), {}}};
  });
  auto text = take(*open("watch=/connections/ws.1"));
  CHECK(text.find(R"("a\nb")") != std::string::npos);
  CHECK(count(text, "\n") == 5);
}

TEST_CASE_METHOD(some_watches, "only calls that answer JSON can be watched, and not too many") {
  const auto status = [this](const std::string& query) {
    const auto exchange = open(query);
    CHECK(!exchange->streaming);
    return std::to_string(exchange->response.status) + member_of(exchange->response, "field");
  };
  std::string many = "watch=/overview";
  for (int i = 0; i < 16; ++i)
    many += "&watch=/overview";
  for (const auto& query :
       {std::string{}, many, std::string{"watch="}, std::string{"watch=overview"},
        std::string{"watch=/none"}, std::string{"watch=/live?watch=/overview"},
        std::string{"watch=/api/v1/overview"}, std::string{"watch=/topics/%25zz"},
        std::string{"watch=/connections:close"}, std::string{"watch=/connections/ws.1/invoke"},
        std::string{"watch=/overview&watch=/../docs"}, std::string{"watch=//docs"}})
    CHECK(status(query) == R"(400"watch")");
  for (const auto* text : {"0", "61", "-1", "1.5", "x", ""})
    CHECK(status("watch=/overview&interval=" + std::string{text}) == R"(400"interval")");
  CHECK(status("watch=/overview&interval=1&interval=2") == R"(400"interval")");
  CHECK(status("watch=/overview&colour=1") == R"(400"colour")");
}

TEST_CASE_METHOD(some_watches, "a wrong query of a watch is a problem of that watch") {
  const auto stream = open("watch=/connections?colour=1&watch=/connections/ws.1");
  const auto text = take(*stream);
  CHECK(text.find(R"({"watch":0,"problem":)") != std::string::npos);
  CHECK(text.find(R"({"watch":1,"value":)") != std::string::npos);
}

TEST_CASE_METHOD(some_watches, "HEAD has the headers alone") {
  const auto stream = open("watch=/overview", "HEAD");
  CHECK(!stream->streaming);
  CHECK(stream->response.status == 200);
  CHECK(header_of(stream->response, "Content-Type") == "text/event-stream");
}

TEST_CASE_METHOD(some_watches, "over so many streams another is refused, until one ends") {
  std::vector<std::shared_ptr<fake_exchange>> all;
  for (std::size_t i = 0; i < live_place::max_streams; ++i)
    all.push_back(open("watch=/connections/ws.1&interval=60"));
  const auto refused = open("watch=/connections/ws.1");
  CHECK(refused->response.status == 503);
  CHECK(member_of(refused->response, "detail").find("256") != std::string::npos);
  std::exchange(all.front()->gone, nullptr)();
  CHECK(open("watch=/connections/ws.1")->streaming);
}

TEST_CASE_METHOD(some_watches, "calls that the server makes itself are not counted") {
  const auto stream = open("watch=/connections/ws.1");
  const auto counted = [] {
    const auto now = all_counters();
    std::uint64_t sum = 0;
    for (const auto& each : now->admin_requests)
      sum += each.load();
    return sum;
  };
  const auto before = counted();
  pass(3500ms);
  CHECK(looks == 4);
  CHECK(counted() == before);
}

TEST_CASE_METHOD(some_watches,
                 "a slow reader gets no more than it takes, and one that stops is left") {
  name = std::string(600 * 1024, 'x');
  const auto stream = open("watch=/connections/ws.1");
  const auto first = take(*stream).size();
  // The sign of life went before.
  CHECK(first < stream_pace::window + 20);
  stream->unsent_bytes = stream_pace::window;
  pass(8s);
  CHECK(take(*stream).empty());
  // It takes some, slowly.
  stream->unsent_bytes -= 1000;
  pass(60ms);
  CHECK(take(*stream).size() <= 1000);
  stream->unsent_bytes = stream_pace::window;
  pass(8s);
  CHECK(looks == 1);
  pass(20s);
  stream->unsent_bytes = 0;
  pass(5s);
  CHECK(take(*stream).empty());
  CHECK(looks == 1);
}
