#pragma once

#include "actors/channel.hpp"
#include "actors/connection.hpp"
#include "actors/turn.hpp"
#include "messages/json_scan.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_wire.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace muster::test {

/// What the fakes around a connection have seen.
struct surroundings {
  std::map<std::string, row_ptr> rows;
  std::vector<service_request> requests;
  std::vector<late_reply> late;
  /// Promises of the service `slow`, which answers when it is told to.
  std::vector<caf::typed_response_promise<service_reply>> waiting;
};

/// The roll, without lists.
class noting_registry {
public:
  using handle = registry_actor;
  explicit noting_registry(handle::pointer) {}
  handle::behavior_type start(surroundings* seen) {
    return {
        [seen](const enter_roll& request) {
          seen->rows[request.entry.row->from->id] = request.entry.row;
          return done{};
        },
        [seen](const update_row& update) { seen->rows[update.row->from->id] = update.row; },
        [](const find_connection&) -> caf::result<found_connection> { return errc::not_found; },
        [](const take_snapshot&) -> caf::result<snapshot_taken> { return errc::unavailable; },
        [](const name_found&) {},
        [](const drill&) { throw std::runtime_error{"drill"}; },
    };
  }
  std::string name = "fake registry";
};

/// A service that echoes, throws, or waits, by what it is asked.
class fake_service {
public:
  using handle = service_actor;
  explicit fake_service(handle::pointer self) : self_{self} {}
  handle::behavior_type start(surroundings* seen) {
    return {[this, seen](const service_request& request) -> caf::result<service_reply> {
      seen->requests.push_back(request);
      if (request.payload == "\"refuse\"")
        return refuse(403, "Service not allowed");
      if (request.payload == "\"fail\"")
        return make_error(errc::internal, "a secret of ours");
      if (request.payload != "\"wait\"")
        return service_reply{200, request.payload, {}};
      auto promise = self_->make_response_promise<caf::typed_response_promise<service_reply>>();
      seen->waiting.push_back(promise);
      return promise;
    }};
  }
  std::string name = "fake service";

private:
  handle::pointer self_;
};

class fake_services {
public:
  using handle = services_actor;
  explicit fake_services(handle::pointer) {}
  handle::behavior_type start(service_address only) {
    return {[only](const find_service&) { return found_service{only}; },
            [](const list_services&) { return service_list{}; }, [](const house_ptr&) {}};
  }
  std::string name = "fake services";
};

/// A secret is right when it is its own hash.
class literal_hasher {
public:
  using handle = hasher_actor;
  explicit literal_hasher(handle::pointer) {}
  handle::behavior_type start() {
    return {
        [](const hash_secret& request) { return secret_hash{request.secret}; },
        [](const check_secret& request) { return secret_checked{request.secret == request.hash}; }};
  }
  std::string name = "fake hasher";
};

class fake_operations {
public:
  using handle = operations_actor;
  explicit fake_operations(handle::pointer) {}
  handle::behavior_type start(surroundings* seen) {
    return {
        [](const start_invoke&) -> caf::result<invoke_finished> { return errc::unavailable; },
        [seen](const late_reply& late) { seen->late.push_back(late); },
        [](const start_operation&) -> caf::result<operation> { return errc::unavailable; },
        [](const find_operation&) -> caf::result<operation> { return errc::not_found; },
        [](const cancel_operation&) -> caf::result<operation> { return errc::not_found; },
        [](const operation_progress&) {},
        [](const house_ptr&) {},
        [](const drill&) { throw std::runtime_error{"drill"}; },
    };
  }
  std::string name = "fake operations";
};

/// A channel with one connection that is open, and its surroundings.
class one_connection : public actor_world {
public:
  explicit one_connection(channel_definition definition = {}) {
    definition.name = "demo";
    definition.path = "/demo";
    service = start<fake_service>(&seen);
    rules = std::make_shared<const channel_definition>(definition);
    first_house.registry = start<noting_registry>(&seen);
    first_house.services = start<fake_services>(service_address{service});
    first_house.hasher = start<literal_hasher>();
    first_house.operations = start<fake_operations>(&seen);
    addresses = std::make_shared<const house>(first_house);
    testee_channel = start<channel>(rules, addresses, gauges);
    settle();
    testee = connect();
    wire = wires.back();
  }

  /// Lets one more socket in.
  connection_actor connect() {
    auto from = std::make_shared<arrival>();
    from->id = "ws." + std::to_string(wires.size());
    from->channel = "demo";
    auto in = ask<admitted>(testee_channel, admit{from, &loop});
    auto fresh = keep(in->connection);
    wires.push_back(std::make_shared<fake_wire>());
    take(fresh, wire_opened{wires.back()});
    return fresh;
  }

  template <class Message>
  bool take(const connection_actor& who, Message message) {
    const bool alive = take_turn(who, loop, std::move(message));
    settle();
    return alive;
  }

  void say(const std::string& text) { say(testee, text); }
  void say(const connection_actor& who, const std::string& text) {
    take(who, wire_received{text, true});
  }

  static std::string create(const std::string& client_id = "ext.1", const std::string& more = {}) {
    return R"({"meta":{"id":"a1","action":"create-session","timestamp":"t","client_id":")"
           + client_id + "\"" + more + "}}";
  }

  /// Opens the session and keeps its token.
  void sign_in(const std::string& client_id = "ext.1") {
    say(create(client_id));
    json_string(find_member(find_member(wire->texts.back(), "data"), "token"), token);
  }

  std::string call(const std::string& data, const std::string& id = "b1") const {
    return R"({"meta":{"id":")" + id + R"(","action":"invoke-service","timestamp":"t","token":")"
           + token + R"("},"data":)" + data + "}";
  }

  std::string answer_to(const std::string& id, const std::string& data) const {
    return R"({"meta":{"id":"c1","action":"client-response","timestamp":"t","token":")" + token
           + R"(","in_reply_to":")" + id + R"("},"data":)" + data + "}";
  }

  /// A text of the last message's `meta`.
  std::string meta(const std::string& key) const {
    std::string text;
    const auto value = find_member(find_member(wire->texts.back(), "meta"), key);
    return json_string(value, text) ? text : std::string{value};
  }
  std::string data() const { return std::string{find_member(wire->texts.back(), "data")}; }

  void peer_closes(const connection_actor& who, std::uint16_t code = 1000) {
    take(who, wire_closed{{close_outcome::echoed, code, code, {}, 0}, true, {}});
  }

  surroundings seen;
  house first_house;
  house_ptr addresses;
  channel_ptr rules;
  std::shared_ptr<channel_gauges> gauges = std::make_shared<channel_gauges>();
  service_actor service;
  channel_actor testee_channel;
  connection_actor testee;
  std::shared_ptr<fake_wire> wire;
  std::vector<std::shared_ptr<fake_wire>> wires;
  std::string token;
};

} // namespace muster::test
