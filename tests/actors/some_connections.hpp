#pragma once

#include "actors/operations.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_connection.hpp"

#include <stdexcept>

namespace muster::test {

using roll_entries = std::shared_ptr<std::vector<roll_entry>>;

/// A registry with a given roll.
class fake_registry {
public:
  using handle = registry_actor;
  explicit fake_registry(handle::pointer) {}
  handle::behavior_type start(roll_entries roll) {
    return {
        [](const enter_roll&) { return done{}; },
        [](const update_row&) {},
        [roll](const find_connection& request) -> caf::result<found_connection> {
          for (const auto& entry : *roll)
            if (entry.row->from->id == request.id)
              return found_connection{entry};
          return make_error(errc::not_found, "there is no connection " + request.id);
        },
        [](const take_snapshot&) { return snapshot_taken{}; },
        [](const name_found&) {},
        [](const drill&) {},
    };
  }
};

/// A lister for which everybody on the roll matches.
class fake_lister {
public:
  using handle = lister_actor;
  explicit fake_lister(handle::pointer) {}
  handle::behavior_type start(roll_entries roll) {
    return {
        [](const connection_query&) { return connection_page{}; },
        [roll](const match_connections&) { return matched_connections{*roll}; },
        [](const std::shared_ptr<const house>&) {},
        [](const drill&) {},
    };
  }
};

/// Operations on connections that do what the test says.
struct some_connections : actor_world {
  roll_entries roll = std::make_shared<std::vector<roll_entry>>();
  std::vector<std::shared_ptr<connection_script>> scripts;
  std::shared_ptr<house> addresses = make_house();
  operations_actor testee = start<operations>(std::shared_ptr<const house>{addresses});

  std::shared_ptr<house> make_house() {
    auto made = std::make_shared<house>();
    made->registry = start<fake_registry>(roll);
    made->lister = start<fake_lister>(roll);
    return made;
  }

  /// Their ids are ws.0, ws.1, …
  void connect(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      auto from = std::make_shared<arrival>();
      from->id = "ws." + std::to_string(roll->size());
      auto row = std::make_shared<connection_row>();
      row->from = std::move(from);
      scripts.push_back(std::make_shared<connection_script>());
      scripts.back()->self = start<fake_connection>(scripts.back());
      roll->push_back({std::move(row), scripts.back()->self});
    }
  }

  answer<invoke_finished> call(const std::string& id, duration timeout = std::chrono::seconds{5}) {
    return ask<invoke_finished>(testee, start_invoke{id, R"({"a":1})", timeout, "ada"});
  }
  answer<operation> start_many(start_operation request) {
    if (request.timeout == duration::zero())
      request.timeout = std::chrono::seconds{5};
    request.by = "ada";
    return ask<operation>(testee, std::move(request));
  }
  answer<operation> find(const std::string& id, std::uint64_t after = 0) {
    return ask<operation>(testee, find_operation{id, after});
  }
  answer<operation> cancel(const std::string& id) {
    return ask<operation>(testee, cancel_operation{id});
  }

  static invoke_reply reply(invoke_outcome outcome, const std::string& data = "null") {
    invoke_reply made;
    made.outcome = outcome;
    made.data = data;
    made.ms = 1.5;
    return made;
  }
};

} // namespace muster::test
