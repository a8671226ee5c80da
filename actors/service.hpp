#pragma once

#include "actors/interfaces.hpp"
#include "actors/spawn.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace muster {

/// How to start a service. `workers` is where those run that may block.
struct service_definition {
  std::string name;
  std::string kind = "custom";
  std::function<service_actor(caf::actor_system&, caf::execution_unit& workers)> start;
  /// It takes `house_ptr`: the addresses of now, before its first request and whenever they change.
  bool wants_house = false;
};

/// Where an actor is spawned that runs on the loops, whoever wakes it: also when a worker does.
inline caf::execution_unit& any_loop(caf::actor_system& system) {
  return *system.dummy_execution_unit();
}

/// A class that is a service: an actor with `handle = service_actor`. One that declares
/// `static constexpr bool never_blocks = true` runs on the event loops, any other on the workers;
/// one that declares `wants_house` is told the addresses of the house.
template <class Service, class... Args>
service_definition make_service(std::string name, Args... args) {
  return {std::move(name), "custom",
          [args...](caf::actor_system& system, [[maybe_unused]] caf::execution_unit& workers) {
            if constexpr (requires { requires Service::never_blocks; })
              return spawn_on<Service>(system, any_loop(system), args...);
            else
              return spawn_on<Service>(system, workers, args...);
          },
          requires {requires Service::wants_house;
}
}; // namespace muster
}

} // namespace muster
