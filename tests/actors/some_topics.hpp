#pragma once

#include "actors/reader.hpp"
#include "actors/store.hpp"
#include "actors/topics.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_storage.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// A directory of topics, and what it stands on.
class some_topics : public actor_world {
public:
  some_topics() {
    first.store = start<store>(std::shared_ptr<storage>{disk});
    first.reader = start<reader>(std::shared_ptr<storage>{disk});
    ports.fatal = [this](const std::string& reason) { fatal.push_back(reason); };
    ports.wall_now = [this] { return loop.wall_now(); };
    begin();
  }

  /// Starts a directory: the first, or one after another has gone.
  void begin() {
    directory = start<topics>(std::make_shared<const house>(first), ports);
    first.topics = directory;
    settle();
  }
  /// The server goes away and comes back.
  void start_anew() {
    exit(directory);
    ports.settled = std::make_shared<bool>(false);
    begin();
  }

  answer<topic_info> create(const std::string& json) {
    return ask<topic_info>(directory, create_topic{json});
  }
  answer<topic_info> edit(const std::string& name, const std::string& patch,
                          const std::string& if_match = {}) {
    return ask<topic_info>(directory, edit_topic{name, patch, if_match});
  }
  answer<topic_info> describe(const std::string& name) {
    return ask<topic_info>(directory, describe_topic{name});
  }
  answer<found_topic> find(const std::string& name, bool make = false) {
    return ask<found_topic>(directory, find_topic{name, 0, make});
  }

  static muster::publish message(std::string data, std::string msg_id = {}) {
    muster::publish made;
    made.data = std::move(data);
    made.msg_id = std::move(msg_id);
    made.publisher = "somebody";
    return made;
  }
  const fake_log& log_of(std::uint32_t number) { return disk->logs_on_disk[number]; }

  std::shared_ptr<fake_storage> disk = std::make_shared<fake_storage>();
  house first;
  std::vector<std::string> fatal;
  topics_ports ports;
  topics_actor directory;
};

} // namespace muster::test
