#pragma once

#include "actors/catalogue.hpp"
#include "actors/registry.hpp"
#include "actors/store.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_doors.hpp"
#include "tests/actors/fake_hasher.hpp"
#include "tests/actors/fake_storage.hpp"
#include "tests/actors/silent_connection.hpp"

#include <memory>
#include <string>
#include <vector>

namespace muster::test {

/// A catalogue with the channel `filed` of a configuration file, and what it stands on.
class one_catalogue : public actor_world {
public:
  one_catalogue() {
    first.store = start<store>(std::shared_ptr<storage>{disk});
    first.hasher = start<fake_hasher>(hashes);
    first.registry = start<registry>(static_cast<reverse_dns*>(nullptr));
    ports.doors = &doors;
    ports.declared = {R"({"name":"filed","path":"/filed","token_ttl":100})"};
    ports.fatal = [this](const std::string& reason) { fatal.push_back(reason); };
    begin();
  }

  void begin() {
    testee = start<catalogue>(std::make_shared<const house>(first), ports);
    settle();
  }

  answer<channel_info> create(const std::string& json) {
    return ask<channel_info>(testee, create_channel{json});
  }
  answer<channel_edited> edit(const std::string& name, const std::string& patch,
                              const std::string& if_match = "*", bool dry_run = false) {
    return ask<channel_edited>(testee, edit_channel{name, patch, if_match, dry_run});
  }
  answer<channel_info> find(const std::string& name) {
    return ask<channel_info>(testee, find_channel{name});
  }
  std::size_t count() { return ask<channel_list>(testee, list_channels{})->items.size(); }

  /// A connection of that channel, which the channel itself does not know.
  connection_actor on_roll(const std::string& channel, const std::string& username = {}) {
    auto from = std::make_shared<arrival>();
    from->id = "ws." + std::to_string(++connections_);
    from->channel = channel;
    auto row = std::make_shared<connection_row>();
    row->from = from;
    auto client = std::make_shared<caller>();
    client->client_id = "client-" + std::to_string(connections_);
    client->username = username;
    row->who = client;
    row->state = connection_state::ready;
    row->counters = std::make_shared<connection_counters>();
    auto who = start<silent_connection>();
    ask<done>(first.registry, enter_roll{{row, who}});
    return who;
  }

  std::shared_ptr<fake_storage> disk = std::make_shared<fake_storage>();
  std::shared_ptr<hashing> hashes = std::make_shared<hashing>();
  fake_doors doors;
  std::vector<std::string> fatal;
  house first;
  catalogue_ports ports;
  catalogue_actor testee;

private:
  int connections_ = 0;
};

} // namespace muster::test
