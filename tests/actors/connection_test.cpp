#include "tests/actors/one_connection.hpp"

#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(one_connection, "a client is on the roll before it gets its token") {
  CHECK(seen.rows.at("ws.0")->state == connection_state::fresh);
  sign_in();
  CHECK(meta("msg_type") == "zwsx.rspa");
  CHECK(meta("in_reply_to") == "a1");
  CHECK(meta("status") == "200");
  CHECK(token.size() == 30);
  const auto& row = *seen.rows.at("ws.0");
  CHECK(row.state == connection_state::ready);
  CHECK(row.who->client_id == "ext.1");
  CHECK(row.who->session_at == wall_start);
  CHECK(gauges->sessions == 1);
}

TEST_CASE_METHOD(one_connection, "no token is sent while the roll does not know the client") {
  exit(first_house.registry, caf::exit_reason::kill);
  say(create());
  CHECK(wire->texts.empty());
  // A new roll is told at once, and then the client.
  auto moved = first_house;
  moved.registry = start<noting_registry>(&seen);
  tell(testee_channel, std::make_shared<const house>(moved));
  REQUIRE(wire->texts.size() == 1);
  CHECK(meta("msg_type") == "zwsx.rspa");
  CHECK(seen.rows.at("ws.0")->state == connection_state::ready);
}

TEST_CASE_METHOD(one_connection, "a session that does not come in time is refused") {
  pass(4900ms);
  CHECK(wire->closes.empty());
  pass(200ms);
  CHECK(meta("msg_type") == "zwsx.merr");
  CHECK(meta("status") == "403");
  CHECK(data() == "\"You are not authorized to access this resource\"");
  CHECK(wire->closes.at(0).first == 4401);
}

TEST_CASE_METHOD(one_connection, "broken messages before the session may be mended") {
  say("nonsense");
  CHECK(meta("status") == "400");
  say(R"({"meta":{"id":"x","action":"create-session","timestamp":"t"}})");
  CHECK(meta("status") == "400");
  CHECK(meta("in_reply_to") == "x");
  sign_in();
  CHECK(meta("msg_type") == "zwsx.rspa");
}

TEST_CASE_METHOD(one_connection, "a wrong token closes with 4401") {
  sign_in();
  token = "zwsxt.wrong";
  say(call("1"));
  CHECK(meta("status") == "403");
  CHECK(wire->closes.at(0).first == 4401);
}

TEST_CASE_METHOD(one_connection, "a renewal makes a new token") {
  sign_in();
  const auto old = token;
  say(create("ext.1", ",\"token\":\"" + old + "\""));
  CHECK(meta("msg_type") == "zwsx.rspa");
  say(call("1"));
  CHECK(wire->closes.at(0).first == 4401);
}

TEST_CASE_METHOD(one_connection, "a request goes to the channel's service and its answer back") {
  sign_in();
  say(call(R"({"a":1})"));
  CHECK(meta("msg_type") == "zwsx.rspok");
  CHECK(meta("in_reply_to") == "b1");
  CHECK(data() == R"({"a":1})");
  REQUIRE(seen.requests.size() == 1);
  CHECK(seen.requests[0].cid == meta("id"));
  CHECK(seen.requests[0].from->client_id == "ext.1");
}

TEST_CASE_METHOD(one_connection, "errors of services come with their status and nothing internal") {
  sign_in();
  say(call("\"refuse\""));
  CHECK(meta("msg_type") == "zwsx.rsperr");
  CHECK(meta("status") == "403");
  CHECK(data() == "{\"cid\":\"" + meta("id") + "\"}");
  say(call("\"fail\""));
  CHECK(meta("status") == "500");
  CHECK(meta("error_message") == "Internal server error");
  CHECK(wire->closes.empty());
}

TEST_CASE_METHOD(one_connection, "a service that does not answer in time is a 504, once") {
  sign_in();
  say(call("\"wait\""));
  const auto before = wire->texts.size();
  pass(29s);
  CHECK(wire->texts.size() == before);
  pass(2s);
  CHECK(meta("status") == "504");
  seen.waiting.at(0).deliver(service_reply{});
  settle();
  CHECK(wire->texts.size() == before + 1);
}

TEST_CASE_METHOD(one_connection, "more calls at a time than allowed are refused") {
  sign_in();
  for (int i = 0; i < 64; ++i)
    say(call("\"wait\""));
  say(call("\"wait\"", "b65"));
  CHECK(meta("status") == "429");
  CHECK(meta("in_reply_to") == "b65");
  CHECK(seen.waiting.size() == 64);
}

TEST_CASE_METHOD(one_connection, "a call of the client gets the client's answer") {
  sign_in();
  auto answer = ask<invoke_reply>(testee, invoke{"op", R"({"q":1})", 5s});
  CHECK(answer.pending());
  CHECK(meta("msg_type") == "zwsx.rqc");
  CHECK(data() == R"({"q":1})");
  say(answer_to(meta("id"), R"({"response":{"a":2}})"));
  REQUIRE(answer.replied());
  CHECK(answer->outcome == invoke_outcome::ok);
  CHECK(answer->data == R"({"a":2})");
}

TEST_CASE_METHOD(one_connection, "a call that is not answered times out and may be late") {
  sign_in();
  auto answer = ask<invoke_reply>(testee, invoke{"op", "1", 1s});
  const auto id = meta("id");
  pass(1100ms);
  CHECK(answer->outcome == invoke_outcome::timeout);
  say(answer_to(id, "7"));
  REQUIRE(seen.late.size() == 1);
  CHECK(seen.late[0].operation == "op");
  CHECK(seen.late[0].reply.outcome == invoke_outcome::late);
  CHECK(seen.late[0].reply.data == "7");
}

TEST_CASE_METHOD(one_connection, "a call without a session is refused") {
  CHECK(ask<invoke_reply>(testee, invoke{"op", "1", 1s})->outcome == invoke_outcome::refused);
}

TEST_CASE_METHOD(one_connection, "a call is cancelled by its operation") {
  sign_in();
  auto answer = ask<invoke_reply>(testee, invoke{"op", "1", 1s});
  tell(testee, cancel_invoke{"op"});
  CHECK(answer->outcome == invoke_outcome::cancelled);
}

TEST_CASE_METHOD(one_connection, "closing ends the calls that wait, then tells how it went") {
  sign_in();
  auto called = ask<invoke_reply>(testee, invoke{"op", "1", 5s});
  auto closed = ask<close_receipt>(testee, close_order{4005, "why", "admin"});
  CHECK(called->outcome == invoke_outcome::closed);
  CHECK(closed.pending());
  REQUIRE(wire->closes.size() == 1);
  CHECK(wire->closes[0] == std::pair<std::uint16_t, std::string>{4005, "why"});
  CHECK(seen.rows.at("ws.0")->state == connection_state::closing);
  auto again = ask<close_receipt>(testee, close_order{1000, "", "admin"});
  take(testee, wire_closed{{close_outcome::echoed, 4005, 4005, "bye", 0}, false, {}});
  CHECK(closed->peer_reason == "bye");
  CHECK(again->code_sent == 4005);
  CHECK(gauges->connections == 0);
}

TEST_CASE_METHOD(one_connection, "an exit message closes with what it says") {
  sign_in();
  exit(testee, to_exit_reason({4409, "Replaced", "server"}));
  CHECK(wire->closes.at(0).first == 4409);
}

TEST_CASE_METHOD(one_connection, "a server that goes away answers calls in flight first") {
  sign_in();
  say(call("\"wait\""));
  exit(testee, to_exit_reason({1001, "", "server"}));
  CHECK(wire->closes.empty());
  say(call("1", "b2"));
  CHECK(meta("status") == "503");
  seen.waiting.at(0).deliver(service_reply{200, "5", {}});
  settle();
  CHECK(data() == "5");
  CHECK(wire->closes.at(0).first == 1001);
}

TEST_CASE_METHOD(one_connection, "a fault takes down this connection alone, with 1011") {
  sign_in();
  auto other = connect();
  auto called = ask<invoke_reply>(testee, invoke{"op", "1", 5s});
  tell(testee, drill{"boom"});
  CHECK(wire->closes.at(0).first == 1011);
  CHECK(called->outcome == invoke_outcome::closed);
  CHECK(gauges->connections == 1);
  CHECK(take(other, wire_ponged{}));
}

TEST_CASE_METHOD(one_connection, "pings begin with the session and a mute peer is given up") {
  pass(4s);
  CHECK(wire->pings.empty());
  sign_in();
  pass(45100ms);
  REQUIRE(wire->pings.size() == 1);
  CHECK(wire->pings[0].size() <= 125);
  pass(51s);
  CHECK(wire->closes.at(0).first == 4002);
}

TEST_CASE_METHOD(one_connection,
                 "the next ping does not wait for the patience of an answered one") {
  auto often = *rules;
  often.ping_interval = 0.2;
  tell(testee_channel, revise_channel{std::make_shared<const channel_definition>(often)});
  sign_in();
  for (int i = 0; i < 5; ++i) {
    pass(210ms);
    take(testee, wire_ponged{});
  }
  CHECK(wire->pings.size() >= 4);
}

TEST_CASE_METHOD(one_connection, "a session ends when its time is over") {
  auto shorter = *rules;
  shorter.token_ttl = 10;
  tell(testee_channel, revise_channel{std::make_shared<const channel_definition>(shorter)});
  sign_in();
  pass(9s);
  say(call("1"));
  pass(9s);
  CHECK(wire->closes.empty());
  pass(2s);
  CHECK(wire->closes.at(0).first == 4403);
}

TEST_CASE_METHOD(one_connection, "a binary message must be UTF-8") {
  SECTION("before the session it closes with 4001") {
    take(testee, wire_received{"\xFF", false});
    CHECK(wire->closes.at(0).first == 4001);
  }
  SECTION("after it, it is an error") {
    sign_in();
    take(testee, wire_received{"\xFF", false});
    CHECK(meta("msg_type") == "zwsx.rsperr");
    CHECK(meta("status") == "422");
    CHECK(wire->closes.empty());
  }
}

TEST_CASE_METHOD(one_connection, "what the wire has no room for waits, in order") {
  sign_in();
  wire->full = true;
  say(call("1"));
  say(call("2"));
  const auto sent_before = wire->texts.size();
  wire->full = false;
  take(testee, wire_drained{});
  REQUIRE(wire->texts.size() == sent_before + 2);
  CHECK(data() == "2");
}

TEST_CASE_METHOD(one_connection, "a slow consumer is closed with 4008") {
  sign_in();
  wire->full = true;
  const auto large = "\"" + std::string(300000, 'x') + "\"";
  for (int i = 0; i < 4; ++i)
    say(call(large));
  CHECK(wire->closes.at(0).first == 4008);
}

TEST_CASE_METHOD(one_connection, "a broadcast is for clients with a session") {
  const broadcast message{std::make_shared<const std::string>(text_frame("{}"))};
  CHECK(!ask<broadcast_reply>(testee, message)->sent);
  sign_in();
  CHECK(ask<broadcast_reply>(testee, message)->sent);
  CHECK(wire->texts.back() == "{}");
}

TEST_CASE_METHOD(one_connection,
                 "the first message may be 64 KiB, later ones what the channel allows") {
  CHECK(wire->limit == 65536);
  sign_in();
  CHECK(wire->limit == rules->max_message_bytes);
}

TEST_CASE_METHOD(one_connection,
                 "an order that comes before the handshake is over is kept for it") {
  auto from = std::make_shared<arrival>();
  from->id = "ws.early";
  auto in = ask<admitted>(testee_channel, admit{from, &loop});
  auto early = keep(in->connection);
  exit(early, to_exit_reason({4404, "gone", "server"}));
  auto late = std::make_shared<fake_wire>();
  CHECK(take(early, wire_opened{late}));
  REQUIRE(late->closes.size() == 1);
  CHECK(late->closes[0].first == 4404);
}

TEST_CASE_METHOD(one_connection, "a connection whose handshake never ends goes by itself") {
  auto from = std::make_shared<arrival>();
  from->id = "ws.never";
  auto in = ask<admitted>(testee_channel, admit{from, &loop});
  auto never = keep(in->connection);
  auto closed = ask<close_receipt>(never, close_order{1000, "", "admin"});
  CHECK(closed.pending());
  pass(31s);
  CHECK(closed->outcome == close_outcome::gone);
  CHECK(gauges->connections == 1);
}
