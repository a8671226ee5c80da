#include "tests/actors/one_connection.hpp"

#include "messages/secret.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A channel of other rules than the defaults.
class changed : public one_connection {
public:
  void rule(const std::function<void(channel_definition&)>& change) {
    auto next = *rules;
    change(next);
    rules = std::make_shared<const channel_definition>(next);
    tell(testee_channel, revise_channel{rules});
  }

  static void with_basic(channel_definition& definition) {
    definition.security = channel_security::basic;
    definition.credentials = {{"user1", "secret1"}, {"user2", "secret2"}};
  }

  static std::string credentials(const std::string& username, const std::string& secret) {
    return ",\"username\":\"" + username + "\",\"secret\":\"" + secret + "\"";
  }
};

} // namespace

TEST_CASE_METHOD(changed, "basic security wants the right secret") {
  rule(with_basic);
  SECTION("right") {
    say(create("c", credentials("user1", "secret1")));
    CHECK(meta("msg_type") == "zwsx.rspa");
    CHECK(seen.rows.at("ws.0")->username == "user1");
  }
  SECTION("wrong secret") { say(create("c", credentials("user1", "secret2"))); }
  SECTION("nobody") { say(create("c", credentials("user3", "secret1"))); }
  SECTION("none") { say(create("c")); }
  if (meta("msg_type") != "zwsx.rspa") {
    CHECK(meta("status") == "403");
    CHECK(wire->closes.at(0).first == 4401);
  }
}

TEST_CASE_METHOD(changed, "an API key names its holder") {
  rule([](channel_definition& definition) {
    definition.security = channel_security::api_key;
    definition.credentials = {{"till 7", sha256_hex("key-1")}};
  });
  SECTION("right") {
    say(create("c", ",\"secret\":\"key-1\""));
    CHECK(seen.rows.at("ws.0")->username == "till 7");
  }
  SECTION("wrong") {
    say(create("c", ",\"secret\":\"key-2\""));
    CHECK(wire->closes.at(0).first == 4401);
  }
}

TEST_CASE_METHOD(changed, "revoked credentials end their sessions and no others") {
  rule(with_basic);
  say(create("c", credentials("user1", "secret1")));
  auto other = connect();
  say(other, create("d", credentials("user2", "secret2")));
  auto fresh = connect();
  rule([](channel_definition& definition) { definition.credentials.erase(definition.credentials.begin()); });
  REQUIRE(wires[0]->closes.size() == 1);
  CHECK(wires[0]->closes[0].first == 4403);
  CHECK(wires[1]->closes.empty());
  CHECK(wires[2]->closes.empty());
}

TEST_CASE_METHOD(changed, "a deactivated channel ends everyone with 4404 and lets nobody in") {
  rule([](channel_definition& definition) { definition.is_active = false; });
  CHECK(wire->closes.at(0).first == 4404);
  auto from = std::make_shared<arrival>();
  CHECK(ask<admitted>(testee_channel, admit{from, &loop}).error() == errc::channel_inactive);
}

TEST_CASE_METHOD(changed, "an edit that need not close anyone closes nobody") {
  sign_in();
  rule([](channel_definition& definition) {
    definition.path = "/elsewhere";
    definition.max_message_bytes = 4096;
    definition.max_connections = 1;
  });
  CHECK(wire->closes.empty());
  CHECK(wire->limit == 4096);
}

TEST_CASE_METHOD(changed, "a full channel admits nobody") {
  rule([](channel_definition& definition) { definition.max_connections = 1; });
  auto from = std::make_shared<arrival>();
  CHECK(ask<admitted>(testee_channel, admit{from, &loop}).error() == errc::unavailable);
  peer_closes(testee);
  CHECK(ask<admitted>(testee_channel, admit{from, &loop}).replied());
}

TEST_CASE_METHOD(changed, "a second connection of a client is what the policy says") {
  sign_in("same");
  auto policy = duplicate_policy::allow;
  SECTION("allow") {}
  SECTION("replace") { policy = duplicate_policy::replace; }
  SECTION("reject") { policy = duplicate_policy::reject; }
  rule([&](channel_definition& definition) { definition.duplicate_client_id = policy; });
  auto second = connect();
  say(second, create("same"));
  const auto closed = [&](std::size_t i) {
    return wires[i]->closes.empty() ? 0 : wires[i]->closes[0].first;
  };
  CHECK(closed(0) == (policy == duplicate_policy::replace ? 4409 : 0));
  CHECK(closed(1) == (policy == duplicate_policy::reject ? 4409 : 0));
}

TEST_CASE_METHOD(changed, "a client has no more connections than it may") {
  rule([](channel_definition& definition) { definition.max_connections_per_client = 1; });
  sign_in("same");
  auto second = connect();
  say(second, create("same"));
  CHECK(wires[1]->texts.at(0).find("429") != std::string::npos);
  CHECK(wires[1]->closes.at(0).first == 4009);
  peer_closes(second);
  peer_closes(testee);
  auto third = connect();
  say(third, create("same"));
  CHECK(wires[2]->closes.empty());
}

TEST_CASE_METHOD(changed, "a channel that failed is followed by one that takes its connections over") {
  sign_in("same");
  tell(testee_channel, drill{"boom"});
  auto second_gauges = std::make_shared<channel_gauges>();
  auto successor = start<channel>(rules, addresses, second_gauges);
  tell(successor, adopt_connections{{{testee, "ws.0", "same", ""}}});
  CHECK(second_gauges->sessions == 1);
  say(call("1"));
  CHECK(data() == "1");
  // A renewal is asked of the new one.
  say(create("same", ",\"token\":\"" + token + "\""));
  CHECK(meta("msg_type") == "zwsx.rspa");
}

TEST_CASE_METHOD(changed, "a session that is asked of a failed channel is granted by its successor") {
  tell(testee_channel, drill{"boom"});
  say(create("same"));
  CHECK(wire->texts.empty());
  auto successor = start<channel>(rules, addresses, std::make_shared<channel_gauges>());
  tell(successor, adopt_connections{{{testee, "ws.0", "", ""}}});
  CHECK(meta("msg_type") == "zwsx.rspa");
}
