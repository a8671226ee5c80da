#pragma once

#include "actors/direct_service.hpp"
#include "actors/interfaces.hpp"
#include "actors/spawn.hpp"

#include <functional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace muster {

/// How to start a service.
struct service_definition {
  std::string name;
  std::string kind = "custom";
  /// `where` is where those run that may block; or the loop, for one of those that are there on
  /// every loop.
  std::function<service_address(caf::actor_system&, caf::execution_unit& where)> start;
  /// It takes `house_ptr`: the addresses of now, before its first request and whenever they change.
  bool wants_house = false;
  /// It is started once on each loop, for the clients of that loop.
  bool one_a_loop = false;
  /// It answers the clients of its loop without a message, where it can.
  bool is_direct = false;
};

/// Where an actor is spawned that runs on the loops, whoever wakes it: also when a worker does.
inline caf::execution_unit& any_loop(caf::actor_system& system) {
  return *system.dummy_execution_unit();
}

/// A class that is a service: an actor with `handle = service_actor`. One that declares
/// `static constexpr bool never_blocks = true` runs on the event loops, one that declares
/// `one_a_loop` does too, and there is one for the clients of each loop, which keep nothing from
/// each other, and which get their answers without a message where it is a direct_service too; any
/// other runs on the workers. One that declares `wants_house` is told the addresses of the house.
template <class Service, class... Args>
service_definition make_service(std::string name, Args... args) {
  service_definition made;
  made.name = std::move(name);
  made.start = [args...](caf::actor_system& system, [[maybe_unused]] caf::execution_unit& where) {
    if constexpr (requires { requires Service::never_blocks; })
      return service_address{spawn_on<Service>(system, any_loop(system), args...)};
    else {
      service_address started{spawn_on<Service>(system, where, args...)};
      if constexpr (std::is_base_of_v<direct_service, Service>)
        started.direct = &state_on<Service>(started.actor);
      return started;
    }
  };
  made.wants_house = requires {
    requires Service::wants_house;
  };
  made.one_a_loop = requires {
    requires Service::one_a_loop;
  };
  made.is_direct = made.one_a_loop && std::is_base_of_v<direct_service, Service>;
  return made;
}

} // namespace muster
