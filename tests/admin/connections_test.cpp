#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

row_ptr row_of(const std::string& id) {
  arrival from;
  from.id = id;
  from.channel = "demo";
  from.remote = {"192.0.2.1", 4000};
  auto row = std::make_shared<connection_row>();
  row->from = std::make_shared<const arrival>(from);
  auto who = std::make_shared<caller>();
  who->client_id = "ext.1";
  row->who = who;
  row->counters = std::make_shared<const connection_counters>();
  return row;
}

class one_connection : public admin_world {
public:
  one_connection() {
    desk.on<connection_query, connection_page>([this](const connection_query& what) {
      query = what;
      return connection_page{{row_of("ws.1")}, 7, "next", 42, std::nullopt};
    });
    desk.on<find_connection, found_connection>(
        [](const find_connection& what) -> caf::expected<found_connection> {
          if (what.id != "ws.1")
            return make_error(errc::not_found);
          return found_connection{{row_of("ws.1"), {}}};
        });
    desk.on<close_order, close_receipt>([this](const close_order& what) {
      orders.push_back(what);
      return close_receipt{close_outcome::echoed, what.code, what.code, "bye", 1.5};
    });
    desk.on<start_invoke, invoke_finished>([this](const start_invoke& what) {
      invokes.push_back(what);
      return invoke_finished{"op.1", {invoke_outcome::ok, R"({"a":1})", {}, wall_start, 12.5}};
    });
    desk.on<find_channel, channel_info>([this](const find_channel&) {
      channel_definition definition;
      definition.name = "demo";
      definition.message_log.messages = log_size;
      return channel_info{std::make_shared<const channel_definition>(definition), 1, 1, false};
    });
  }

  http_response close(std::string body) { return call("DELETE", one, std::move(body)); }

  const std::string one = "/api/v1/connections/ws.1";
  connection_query query;
  std::vector<close_order> orders;
  std::vector<start_invoke> invokes;
  std::uint32_t log_size = 0;
};

} // namespace

TEST_CASE_METHOD(one_connection, "a list asks the lister for what the query says") {
  const auto response =
      call("GET", "/api/v1/connections?channel=demo&client_id=ext&limit=5000&"
                  "sort=client_id&cursor=c&selector=channel%20%3D%3D%20%22demo%22");
  CHECK(response.status == 200);
  CHECK(query.channel == "demo");
  CHECK(query.client_id == "ext");
  CHECK(query.limit == 1000);
  CHECK(query.cursor == "c");
  CHECK(query.sort_by == find_attribute("client_id"));
  CHECK(!query.descending);
  CHECK(!query.where.matches_all());
  CHECK(member_of(response, "total") == "7");
  CHECK(member_of(response, "next_cursor") == R"("next")");
  CHECK(member_of(response, "revision") == "42");
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 1);
  CHECK(find_member(items[0], "id") == R"("ws.1")");
}

TEST_CASE_METHOD(one_connection, "a list takes an offset, and rows that it goes along with") {
  CHECK(member_of(call("GET", "/api/v1/connections"), "offset").empty());
  desk.on<connection_query, connection_page>([this](const connection_query& what) {
    query = what;
    return connection_page{{row_of("ws.1")}, 7, "", 42, 3};
  });
  const auto response = call("GET", "/api/v1/connections?offset=5&near=ws.1@6,ws.2%4010");
  CHECK(response.status == 200);
  CHECK(member_of(response, "offset") == "3");
  CHECK(member_of(response, "next_cursor") == "null");
  CHECK(member_of(response, "missing") == "[]");
  CHECK(!check_json(response.body));
  CHECK(query.offset == 5U);
  REQUIRE(query.near.size() == 2);
  CHECK(query.near[0].id == "ws.1");
  CHECK(query.near[0].at == 6);
  CHECK(query.near[1].id == "ws.2");
  CHECK(query.near[1].at == 10);
}

TEST_CASE_METHOD(one_connection, "a wrong offset is refused with its name") {
  const auto field = [this](const std::string& target) {
    const auto response = call("GET", "/api/v1/connections?" + target);
    return std::to_string(response.status) + member_of(response, "field");
  };
  for (const auto* text : {"offset=", "offset=-1", "offset=1.5", "offset=x", "offset=5000000000"})
    CHECK(field(text) == R"(400"offset")");
  for (const auto* text : {"offset=1&near=", "offset=1&near=a", "offset=1&near=a@",
                           "offset=1&near=@1", "offset=1&near=a@1,", "offset=1&near=a@-1",
                           "near=a@1", "offset=1&near=a@1,a@1,a@1,a@1,a@1,a@1,a@1,a@1,a@1"})
    CHECK(field(text) == R"(400"near")");
  CHECK(field("offset=1&cursor=c") == R"(400"cursor")");
  CHECK(field("offset=1&cursor=") == "200");
}

TEST_CASE_METHOD(one_connection, "a list is by default of fifty, the newest first") {
  call("GET", "/api/v1/connections");
  CHECK(query.limit == 50);
  CHECK(query.sort_by == find_attribute("connected_at"));
  CHECK(query.descending);
}

TEST_CASE_METHOD(one_connection, "rows have only the fields that were asked for") {
  const auto response = call("GET", "/api/v1/connections?fields=id,client_id");
  CHECK(member_of(response, "items") == R"([{"id":"ws.1","client_id":"ext.1"}])");
  CHECK(call("GET", "/api/v1/connections?fields=id,colour").status == 400);
  CHECK(call("GET", "/api/v1/connections?fields=idle").status == 400);
  CHECK(call("GET", "/api/v1/connections?sort=colour").status == 400);
  CHECK(call("GET", "/api/v1/connections?sort=-idle").status == 200);
}

TEST_CASE_METHOD(one_connection, "a bad selector is told with its column") {
  const auto response = call("GET", "/api/v1/connections?selector=channel+%3D%3D");
  CHECK(response.status == 400);
  CHECK(!member_of(response, "column").empty());
  const auto bulk = call("POST", "/api/v1/connections:close", R"({"selector":"channel =="})");
  CHECK(bulk.status == 400);
  CHECK(member_of(bulk, "column") == member_of(response, "column"));
}

TEST_CASE_METHOD(one_connection, "one connection is shown in full, an unknown one is 404") {
  const auto response = call("GET", one);
  CHECK(response.status == 200);
  CHECK(member_of(response, "client_id") == R"("ext.1")");
  CHECK(!header_of(response, "ETag").empty());
  CHECK(call("GET", "/api/v1/connections/ws.2").status == 404);
}

TEST_CASE_METHOD(one_connection, "a close is answered with its receipt") {
  const auto response = close(R"({"code":4005,"reason":"bye"})");
  CHECK(response.status == 200);
  CHECK(
      response.body
      == R"({"outcome":"echoed","code_sent":4005,"peer_code":4005,"peer_reason":"bye","ms":1.5})");
  REQUIRE(orders.size() == 1);
  CHECK(orders[0].reason == "bye");
  CHECK(orders[0].by == "token:admin");
  CHECK(call("DELETE", "/api/v1/connections/ws.2").status == 404);
}

TEST_CASE_METHOD(one_connection, "a close without a body has the administrator's code") {
  CHECK(close("").status == 200);
  CHECK(orders.at(0).code == 4005);
}

TEST_CASE_METHOD(one_connection, "only the codes that are ours to send are taken") {
  for (const auto* code : {"1000", "1001", "4000", "4999"})
    CHECK(close(std::string{R"({"code":)"} + code + '}').status == 200);
  for (const auto* code : {"0", "1002", "1005", "1006", "3000", "3999", "5000", "70000", "-1",
                           "4000.5", "\"4000\"", "null"})
    CHECK(close(std::string{R"({"code":)"} + code + '}').status == 400);
  CHECK(orders.size() == 4);
}

TEST_CASE_METHOD(one_connection, "advice makes the reason JSON") {
  CHECK(close(R"({"retry":[1,30],"to":"wss://b.example/x","reason":"moving"})").status == 200);
  const auto reason = orders.at(0).reason;
  CHECK(!check_json(reason));
  CHECK(find_member(reason, "retry") == "[1,30]");
  CHECK(find_member(reason, "why") == R"("moving")");
  CHECK(close(R"({"retry":null})").status == 200);
  CHECK(find_member(orders.at(1).reason, "retry") == "null");
  for (const auto* body :
       {R"({"retry":[1]})", R"({"retry":[2,1]})", R"({"retry":[-1,1]})", R"({"retry":["1",2]})",
        R"({"retry":5})", R"({"to":"somewhere"})", R"({"to":""})", R"({"to":1})"})
    CHECK(close(body).status == 400);
}

TEST_CASE_METHOD(one_connection, "a reason that does not fit is refused") {
  CHECK(close(R"({"reason":")" + std::string(123, 'x') + "\"}").status == 200);
  CHECK(close(R"({"reason":")" + std::string(124, 'x') + "\"}").status == 400);
  CHECK(close(R"({"retry":[1,2],"reason":")" + std::string(110, 'x') + "\"}").status == 400);
}

TEST_CASE_METHOD(one_connection, "a connection that went away meanwhile has the receipt `gone`") {
  desk.on<close_order, close_receipt>([](const close_order&) -> caf::expected<close_receipt> {
    return make_error(errc::connection_closed);
  });
  const auto response = close("");
  CHECK(response.status == 200);
  CHECK(member_of(response, "outcome") == R"("gone")");
  CHECK(member_of(response, "code_sent") == "null");
}

TEST_CASE_METHOD(one_connection, "a call of a client is answered with its outcome") {
  const auto response = call("POST", one + "/invoke", R"({"data":{"x":[1, 2]},"timeout":0.5})");
  CHECK(response.status == 200);
  CHECK(response.body
        == R"({"outcome":"ok","data":{"a":1},"sent_at":"2026-11-23T12:00:00.000000Z","ms":12.5,)"
           R"("operation":"op.1"})");
  REQUIRE(invokes.size() == 1);
  CHECK(invokes[0].data == R"({"x":[1, 2]})");
  CHECK(invokes[0].timeout == std::chrono::milliseconds{500});
  CHECK(desk.patiences.back() > invokes[0].timeout);
}

TEST_CASE_METHOD(one_connection, "a call has five seconds when it does not say how long") {
  CHECK(call("POST", one + "/invoke", "{}").status == 200);
  CHECK(invokes.at(0).timeout == std::chrono::seconds{5});
  CHECK(invokes.at(0).data == "null");
  for (const auto* timeout : {"0", "0.0001", "3601", "-1", "\"5\"", "null"})
    CHECK(call("POST", one + "/invoke", std::string{R"({"timeout":)"} + timeout + '}').status
          == 400);
}

TEST_CASE_METHOD(one_connection, "the message log is shown where the channel keeps one") {
  desk.on<read_message_log, message_log_entries>([this](const read_message_log&) {
    return message_log_entries{
        {{true, wall_start, "m1", "", 20, "{\"a\":1}"},
         {false, wall_start + std::chrono::seconds{1}, "m2", "m1", 30, "x"}}};
  });
  const auto none = call("GET", one + "/messages");
  CHECK(none.status == 404);
  CHECK(member_of(none, "detail").find("no message log") != std::string::npos);
  log_size = 10;
  const auto response = call("GET", one + "/messages");
  CHECK(response.status == 200);
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 2);
  CHECK(find_member(items[0], "direction") == R"("in")");
  CHECK(find_member(items[0], "payload") == R"("{\"a\":1}")");
  CHECK(find_member(items[1], "in_reply_to") == R"("m1")");
}
