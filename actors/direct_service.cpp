#include "actors/direct_service.hpp"

#include "actors/spawn.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>

#include <exception>
#include <utility>

namespace muster {

namespace {

/// Ends a turn, however it is left: with it an actor that has quit.
struct turn_end {
  ~turn_end() {
    in_turn = false;
    self.finalize();
  }
  caf::scheduled_actor& self;
  bool& in_turn;
};

} // namespace

direct_answer ask_directly(const service_address& service, caf::execution_unit& where,
                           service_request& request) {
  if (!service.direct)
    return ask_by_message{};
  auto* self =
      static_cast<caf::scheduled_actor*>(caf::actor_cast<caf::abstract_actor*>(service.actor));
  // Who is idle waits at its mailbox, which is said to be blocked. Of an actor that has ended there
  // is no state any more.
  if (!self->mailbox().blocked() || !self->activate(&where)
      || std::exchange(service.direct->in_turn_, true))
    return ask_by_message{};
  const turn_end at_end{*self, service.direct->in_turn_};
  try {
    return service.direct->answer(request);
  } catch (...) {
    self->quit(report_throw(self->name(), std::current_exception()));
    return refuse(500, "Internal server error");
  }
}

} // namespace muster
