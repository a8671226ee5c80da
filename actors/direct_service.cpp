#include "actors/direct_service.hpp"

#include "actors/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>

#include <exception>
#include <utility>

namespace muster {

std::optional<service_reply> ask_directly(const service_address& service,
                                          caf::execution_unit& where, service_request& request) {
  if (!service.direct)
    return std::nullopt;
  auto* self =
      static_cast<caf::scheduled_actor*>(caf::actor_cast<caf::abstract_actor*>(service.actor));
  // Who is idle waits at its mailbox, which is said to be blocked. Of an actor that has ended there
  // is no state any more.
  if (!self->mailbox().blocked() || !self->activate(&where)
      || std::exchange(service.direct->in_turn_, true))
    return std::nullopt;
  std::optional<service_reply> reply;
  try {
    reply = service.direct->answer(request);
  } catch (...) {
    self->quit(report_throw(self->name(), std::current_exception()));
    reply = refuse(500, "Internal server error");
  }
  service.direct->in_turn_ = false;
  self->finalize();
  return reply;
}

} // namespace muster
