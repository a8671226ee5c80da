#pragma once

#include "actors/interfaces.hpp"
#include "messages/errc.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace muster::test {

/// A connection that is there, and that is all.
class silent_connection {
public:
  using handle = connection_actor;
  explicit silent_connection(handle::pointer) {}

  handle::behavior_type start() {
    return {
        [](const wire_opened&) {},
        [](const wire_received&) {},
        [](const wire_ponged&) {},
        [](const wire_drained&) {},
        [](const wire_closed&) {},
        [](const deadline_passed&) {},
        [](const invoke&) { return invoke_reply{}; },
        [](const cancel_invoke&) {},
        [](const broadcast&) { return broadcast_reply{}; },
        [](const close_order&) { return close_receipt{}; },
        [](const read_message_log&) { return message_log_entries{}; },
        [](const channel_revised&) {},
        [](const subscribe&) { return subscribed{}; },
        [](const unsubscribe&) { return done{}; },
        [](const resume_subscription&) { return subscribed{}; },
        [](const acknowledge&) { return done{}; },
        [](const list_subscriptions&) { return subscription_list{}; },
        [](const yield_subscription&) { return subscription_yielded{}; },
        [](const end_feed&) {},
        [](const topic_lost&) {},
        [](const settle_messages&) {},
        [](const house_ptr&) {},
        [](const turn_failed&) {},
        [](const drill&) {},
    };
  }

  std::string name = "silent connection";
};

} // namespace muster::test
