#pragma once

#include "actors/interfaces.hpp"
#include "actors/spawn.hpp"

#include <exception>
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
};

/// Writes to the log what a service has thrown; the error that its actor ends with.
caf::error service_threw(const char* service, const std::exception_ptr& what);

/// Where an actor is spawned that runs on the loops, whoever wakes it: also when a worker does.
inline caf::execution_unit& any_loop(caf::actor_system& system) {
  return *system.dummy_execution_unit();
}

/// A service whose exceptions end in the log.
template <class Service>
class logged_service : public Service {
public:
  explicit logged_service(typename Service::handle::pointer self) : Service{self}, self_{self} {}

  template <class... Args>
  auto start(Args... args) {
    self_->set_exception_handler(
        [this](std::exception_ptr& thrown) { return service_threw(self_->name(), thrown); });
    return Service::start(std::move(args)...);
  }

private:
  typename Service::handle::pointer self_;
};

/// A class that is a service: an actor with `handle = service_actor`. One that declares
/// `static constexpr bool never_blocks = true` runs on the event loops, any other on the workers.
template <class Service, class... Args>
service_definition make_service(std::string name, Args... args) {
  return {std::move(name), "custom",
          [args...](caf::actor_system& system, [[maybe_unused]] caf::execution_unit& workers) {
            if constexpr (requires { requires Service::never_blocks; })
              return spawn_on<logged_service<Service>>(system, any_loop(system), args...);
            else
              return spawn_on<logged_service<Service>>(system, workers, args...);
          }};
}

} // namespace muster
