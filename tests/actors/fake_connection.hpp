#pragma once

#include "actors/interfaces.hpp"
#include "messages/errc.hpp"

#include <caf/actor_cast.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// What a fake connection was told, and whom it owes an answer.
struct connection_script {
  std::vector<invoke> invokes;
  std::vector<caf::typed_response_promise<invoke_reply>> calls;
  std::vector<close_order> orders;
  std::vector<caf::typed_response_promise<close_receipt>> closes;
  std::vector<shared_frame> frames;
  bool has_session = true;

  connection_actor self;

  /// Has the connection answer all its calls, or closes, in its next turn.
  void answer(invoke_reply reply) {
    due.push_back([this, reply] { deliver(calls, reply); });
    caf::anon_send(caf::actor_cast<caf::actor>(self), wire_ponged{});
  }
  void answer(close_receipt receipt) {
    due.push_back([this, receipt] { deliver(closes, receipt); });
    caf::anon_send(caf::actor_cast<caf::actor>(self), wire_ponged{});
  }

  std::vector<std::function<void()>> due;

  template <class Promises, class Reply>
  static void deliver(Promises& waiting, const Reply& reply) {
    for (auto& promise : std::exchange(waiting, {}))
      promise.deliver(reply);
  }
};

/// A connection that answers when the test says so. A call that is cancelled ends as such.
class fake_connection {
public:
  using handle = connection_actor;
  explicit fake_connection(handle::pointer self) : self_{self} {}

  handle::behavior_type start(std::shared_ptr<connection_script> script) {
    return {
        [](const wire_opened&) {},
        [](const wire_received&) {},
        [script](const wire_ponged&) {
          for (const auto& job : std::exchange(script->due, {}))
            job();
        },
        [](const wire_drained&) {},
        [](const wire_closed&) {},
        [](const deadline_passed&) {},
        [this, script](const invoke& call) {
          script->invokes.push_back(call);
          script->calls.push_back(self_->make_response_promise<invoke_reply>());
          return script->calls.back();
        },
        [script](const cancel_invoke&) {
          invoke_reply reply;
          reply.outcome = invoke_outcome::cancelled;
          connection_script::deliver(script->calls, reply);
        },
        [script](const broadcast& told) -> caf::result<broadcast_reply> {
          if (!script->has_session)
            return broadcast_reply{false, "no session"};
          script->frames.push_back(told.frame);
          return broadcast_reply{true, {}};
        },
        [this, script](const close_order& order) {
          script->orders.push_back(order);
          script->closes.push_back(self_->make_response_promise<close_receipt>());
          return script->closes.back();
        },
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
        [](const std::shared_ptr<const house>&) {},
        [](const turn_failed&) {},
        [](const drill& order) { throw std::runtime_error{order.what}; },
    };
  }

private:
  handle::pointer self_;
};

} // namespace muster::test
