#pragma once

#include "actors/direct_turns.hpp"
#include "messages/message.hpp"

#include <caf/actor_cast.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scheduled_actor.hpp>

#include <exception>
#include <utility>

namespace muster {

/// Lets an actor handle a message at once, past its mailbox, as CAF's brokers do. Only on the
/// thread of the loop that the actor is bound to and only from outside of any actor's turn. Returns
/// false when the actor has ended.
template <class Handle, class Message>
bool take_turn(const Handle& actor, caf::execution_unit& where, Message message) {
  auto* self = static_cast<caf::scheduled_actor*>(caf::actor_cast<caf::abstract_actor*>(actor));
  // Nothing is allocated for it.
  caf::mailbox_element_view<Message> element{nullptr, caf::make_message_id(), {}, message};
  return self->activate(&where, element) != caf::scheduled_actor::activation_result::terminated;
}

/// The same as take_turn, for an actor whose state is `state`, and which handles turn_failed.
template <class Handle, class Message>
bool take_direct_turn(const Handle& actor, direct_turns<Message>& state, caf::execution_unit& where,
                      const Message& message) {
  auto* self = static_cast<caf::scheduled_actor*>(caf::actor_cast<caf::abstract_actor*>(actor));
  // Of an actor that has ended there is no state any more.
  if (!self->activate(&where))
    return false;
  try {
    state.take(message);
  } catch (...) {
    take_turn(actor, where, turn_failed{std::current_exception()});
  }
  return !self->finalize();
}

} // namespace muster
