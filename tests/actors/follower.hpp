#pragma once

#include "actors/interfaces.hpp"
#include "actors/push_batch.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// What a topic has told a follower, and what that gives away.
struct follower_script : push_receiver {
  connection_actor self;
  std::vector<publication_ptr> pushed;
  std::vector<std::size_t> batches;
  std::vector<std::uint32_t> ended;
  std::vector<std::uint32_t> lost;
  std::vector<settle_messages> settled;
  std::vector<std::uint32_t> yielded;
  subscription_state state;
  bool gives_way = true;
  int fetched = 0;

  void take(const struct pushed& news) override {
    pushed.insert(pushed.end(), news.batch->messages.begin(), news.batch->messages.end());
    batches.push_back(news.batch->messages.size());
    *news.handed_out += news.batch->messages.size();
  }

  void fetch(distance) override { ++fetched; }

  std::vector<std::uint64_t> seqs() const {
    std::vector<std::uint64_t> out;
    for (const auto& each : pushed)
      out.push_back(each->seq());
    return out;
  }
};

/// A connection as a topic sees it: keeps what it is told.
class follower {
public:
  using handle = connection_actor;
  explicit follower(handle::pointer) {}

  handle::behavior_type start(std::shared_ptr<follower_script> script) {
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
        [script](const yield_subscription& order) -> caf::result<subscription_yielded> {
          script->yielded.push_back(order.cookie);
          if (!script->gives_way)
            return errc::not_found;
          return subscription_yielded{script->state};
        },
        [script](const end_feed& order) { script->ended.push_back(order.cookie); },
        [script](const topic_lost& order) { script->lost.push_back(order.cookie); },
        [script](const settle_messages& order) { script->settled.push_back(order); },
        [](const house_ptr&) {},
        [](const turn_failed&) {},
        [](const drill&) {},
    };
  }

  std::string name = "follower";
};

} // namespace muster::test
