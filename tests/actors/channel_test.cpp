#include "tests/actors/one_connection.hpp"

#include "messages/secret.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A hasher that never answers.
class waiting_hasher {
public:
  using handle = hasher_actor;
  explicit waiting_hasher(handle::pointer self) : self_{self} {}
  handle::behavior_type start() {
    return {[](const hash_secret&) -> caf::result<secret_hash> { return errc::unavailable; },
            [this](const check_secret&) {
              return self_->make_response_promise<caf::typed_response_promise<secret_checked>>();
            }};
  }

private:
  handle::pointer self_;
};

/// A hasher that finds all secrets right, but only when it is asked for a hash.
class late_hasher {
public:
  using handle = hasher_actor;
  explicit late_hasher(handle::pointer self) : self_{self} {}
  handle::behavior_type start() {
    return {[this](const hash_secret&) {
              for (auto& promise : std::exchange(waiting_, {}))
                promise.deliver(secret_checked{true});
              return secret_hash{};
            },
            [this](const check_secret&) {
              return waiting_.emplace_back(
                  self_->make_response_promise<caf::typed_response_promise<secret_checked>>());
            }};
  }

private:
  handle::pointer self_;
  std::vector<caf::typed_response_promise<secret_checked>> waiting_;
};

/// A hasher with too much to do.
class busy_hasher {
public:
  using handle = hasher_actor;
  explicit busy_hasher(handle::pointer) {}
  handle::behavior_type start() {
    return {
        [](const hash_secret&) -> caf::result<secret_hash> { return errc::too_many_requests; },
        [](const check_secret&) -> caf::result<secret_checked> { return errc::too_many_requests; }};
  }
};

/// A catalogue of one channel.
class only_channel {
public:
  using handle = catalogue_actor;
  explicit only_channel(handle::pointer) {}
  handle::behavior_type start(channel_ptr rules, channel_actor actor) {
    return {[](const list_channels&) { return channel_list{}; },
            [rules, actor](const find_channel&) {
              return channel_info{rules, 0, 0, false, actor};
            },
            [](const create_channel&) -> caf::result<channel_info> { return errc::unavailable; },
            [](const edit_channel&) -> caf::result<channel_edited> { return errc::unavailable; },
            [](const house_ptr&) {},
            [](const drill&) {}};
  }
};

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

const std::string create_same = one_connection::create("same");

} // namespace

TEST_CASE_METHOD(changed, "basic security wants the right secret") {
  rule(with_basic);
  SECTION("right") {
    say(create("c", credentials("user1", "secret1")));
    CHECK(meta("msg_type") == "zwsx.rspa");
    CHECK(seen.rows.at("ws.0")->who->username == "user1");
  }
  SECTION("wrong secret") {
    say(create("c", credentials("user1", "secret2")));
  }
  SECTION("nobody") {
    say(create("c", credentials("user3", "secret1")));
  }
  SECTION("none") {
    say(create("c"));
  }
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
    CHECK(seen.rows.at("ws.0")->who->username == "till 7");
  }
  SECTION("wrong") {
    say(create("c", ",\"secret\":\"key-2\""));
    CHECK(wire->closes.at(0).first == 4401);
  }
}

TEST_CASE_METHOD(changed, "credentials are checked without a connection too") {
  const auto check = [this](const char* username, const char* secret) {
    return ask<credentials_checked>(testee_channel, check_credentials{username, secret});
  };
  SECTION("on a channel without security all are nobody") {
    CHECK(check("user1", "anything")->username.empty());
    CHECK(check("", "")->channel == rules);
  }
  SECTION("by password") {
    rule(with_basic);
    CHECK(check("user1", "secret1")->username == "user1");
    CHECK(check("user1", "secret1")->channel == rules);
    CHECK(check("user1", "secret2").error() == errc::unauthorized);
    CHECK(check("user3", "secret1").error() == errc::unauthorized);
    CHECK(check("", "secret1").error() == errc::unauthorized);
  }
  SECTION("by key") {
    rule([](channel_definition& definition) {
      definition.security = channel_security::api_key;
      definition.credentials = {{"till 7", sha256_hex("key-1")}};
    });
    CHECK(check("", "key-1")->username == "till 7");
    CHECK(check("", "key-2").error() == errc::unauthorized);
    CHECK(check("", "").error() == errc::unauthorized);
    CHECK(check("till 7", "key-1").error() == errc::unauthorized);
  }
  SECTION("not while the channel is inactive") {
    rule([](channel_definition& definition) { definition.is_active = false; });
    CHECK(check("", "").error() == errc::channel_inactive);
  }
  CHECK(seen.rows.at("ws.0")->who->username.empty());
}

TEST_CASE_METHOD(changed, "a password whose user is revoked meanwhile is wrong") {
  auto with_late = first_house;
  with_late.hasher = start<late_hasher>();
  tell(testee_channel, std::make_shared<const house>(with_late));
  rule(with_basic);
  const auto revoked =
      ask<credentials_checked>(testee_channel, check_credentials{"user1", "secret1"});
  const auto stays =
      ask<credentials_checked>(testee_channel, check_credentials{"user2", "secret2"});
  CHECK(revoked.pending());
  rule([](channel_definition& definition) {
    definition.credentials.erase(definition.credentials.begin());
  });
  tell(with_late.hasher, hash_secret{});
  CHECK(revoked.error() == errc::unauthorized);
  CHECK(stays->username == "user2");
}

TEST_CASE_METHOD(changed, "a busy hasher is no wrong password") {
  auto with_busy = first_house;
  with_busy.hasher = start<busy_hasher>();
  tell(testee_channel, std::make_shared<const house>(with_busy));
  rule(with_basic);
  CHECK(ask<credentials_checked>(testee_channel, check_credentials{"user1", "secret1"}).error()
        == errc::unavailable);
}

TEST_CASE_METHOD(changed, "revoked credentials end their sessions and no others") {
  rule(with_basic);
  say(create("c", credentials("user1", "secret1")));
  auto other = connect();
  say(other, create("d", credentials("user2", "secret2")));
  auto fresh = connect();
  rule([](channel_definition& definition) {
    definition.credentials.erase(definition.credentials.begin());
  });
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
  SECTION("replace") {
    policy = duplicate_policy::replace;
  }
  SECTION("reject") {
    policy = duplicate_policy::reject;
  }
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

TEST_CASE_METHOD(changed,
                 "a channel that failed is followed by one that takes its connections over") {
  sign_in("same");
  tell(testee_channel, drill{"boom"});
  auto second_gauges = std::make_shared<channel_gauges>();
  auto successor = start<channel>(rules, addresses, second_gauges);
  tell(successor, adopt_connections{{{testee, "same", ""}}});
  CHECK(second_gauges->sessions == 1);
  say(call("1"));
  CHECK(data() == "1");
  // A renewal is asked of the new one.
  say(create("same", ",\"token\":\"" + token + "\""));
  CHECK(meta("msg_type") == "zwsx.rspa");
}

TEST_CASE_METHOD(changed,
                 "a session that is asked of a failed channel is granted by its successor") {
  tell(testee_channel, drill{"boom"});
  say(create("same"));
  CHECK(wire->texts.empty());
  auto successor = start<channel>(rules, addresses, std::make_shared<channel_gauges>());
  tell(successor, adopt_connections{{{testee, "", ""}}});
  CHECK(meta("msg_type") == "zwsx.rspa");
}

TEST_CASE_METHOD(changed,
                 "a secret that is being checked when the channel fails is checked again") {
  rule(with_basic);
  auto with_waiting = first_house;
  with_waiting.hasher = start<waiting_hasher>();
  tell(testee_channel, std::make_shared<const house>(with_waiting));
  say(create("same", credentials("user1", "secret1")));
  tell(testee_channel, drill{"boom"});
  CHECK(wire->texts.empty());
  auto successor = start<channel>(rules, addresses, std::make_shared<channel_gauges>());
  tell(successor, adopt_connections{{{testee, "", ""}}});
  CHECK(meta("msg_type") == "zwsx.rspa");
}

TEST_CASE_METHOD(changed, "a connection that came too late to be taken over finds the successor") {
  auto successor_gauges = std::make_shared<channel_gauges>();
  auto successor = start<channel>(rules, addresses, successor_gauges);
  auto with_catalogue = first_house;
  with_catalogue.channels = start<only_channel>(rules, successor);
  tell(testee_channel, std::make_shared<const house>(with_catalogue));
  tell(testee_channel, drill{"boom"});
  sign_in("same");
  CHECK(meta("msg_type") == "zwsx.rspa");
  CHECK(successor_gauges->sessions == 1);
}

TEST_CASE_METHOD(changed,
                 "a client whose session is newer than the roll is known to the successor") {
  sign_in("same");
  auto gauges_now = std::make_shared<channel_gauges>();
  auto successor = start<channel>(rules, addresses, gauges_now);
  tell(successor, adopt_connections{{{testee, "", ""}}});
  CHECK(gauges_now->connections == 1);
  CHECK(gauges_now->sessions == 1);
}

TEST_CASE_METHOD(changed, "a successor ends those whose credentials are gone meanwhile") {
  rule(with_basic);
  say(create("c", credentials("user1", "secret1")));
  tell(testee_channel, drill{"boom"});
  auto after = *rules;
  after.credentials.erase(after.credentials.begin());
  auto successor = start<channel>(std::make_shared<const channel_definition>(after), addresses,
                                  std::make_shared<channel_gauges>());
  tell(successor, adopt_connections{{{testee, "c", "user1"}}});
  CHECK(wire->closes.at(0).first == 4403);
}

TEST_CASE_METHOD(changed, "secrets that cannot be checked are the server's fault") {
  rule(with_basic);
  auto with_busy = first_house;
  with_busy.hasher = start<busy_hasher>();
  tell(testee_channel, std::make_shared<const house>(with_busy));
  say(create("c", credentials("user1", "secret1")));
  CHECK(meta("status") == "503");
  CHECK(wire->closes.at(0).first == 1013);
}

TEST_CASE_METHOD(changed, "whoever is replaced counts no more and is told once") {
  rule([](channel_definition& definition) {
    definition.duplicate_client_id = duplicate_policy::replace;
  });
  for (int i = 0; i < 3; ++i)
    say(connect(), create("same"));
  CHECK(gauges->connections == 4);
  CHECK(gauges->sessions == 1);
  CHECK(wires[1]->closes.size() == 1);
}

TEST_CASE_METHOD(changed, "a session that a failed registry was asked for is entered anew") {
  const auto next = std::make_shared<house>(first_house);
  next->registry = start<noting_registry>(&seen);
  exit(first_house.registry);
  SECTION("told before the new one is known") {
    say(create("same"));
    CHECK(wire->texts.empty());
    tell(testee, house_ptr{next});
  }
  SECTION("told after, with the old one's error still to come") {
    caf::anon_send(caf::actor_cast<caf::actor>(testee), wire_received{create_same, true});
    caf::anon_send(caf::actor_cast<caf::actor>(testee), house_ptr{next});
    settle();
  }
  CHECK(meta("msg_type") == "zwsx.rspa");
}
