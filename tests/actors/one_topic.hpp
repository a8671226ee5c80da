#pragma once

#include "tests/actors/follower.hpp"
#include "tests/actors/some_topics.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

using follower_ptr = std::shared_ptr<follower_script>;
using numbers = std::vector<std::uint64_t>;

/// The topic `news`, and connections that follow it. Its disk is in memory.
class one_topic : public some_topics {
public:
  one_topic() {
    create(R"({"name":"news"})");
    find_testee();
  }

  /// The actor is another one when the last has failed or retired.
  void find_testee() {
    const auto found = find("news");
    testee = found->actor;
    rules = found->definition;
  }
  /// Its rules, from now on.
  void rule(const std::string& patch) { rules = edit("news", patch)->definition; }
  void fail() {
    tell(testee, drill{});
    find_testee();
  }

  /// Lets so many requests that were asked later arrive, none of which is handled.
  void hand_over(std::size_t requests) {
    for (std::size_t i = 0; i < requests; ++i)
      scheduler.run_once();
  }

  answer<published> publish(std::string data = "1", std::string msg_id = {}) {
    return ask<published>(testee, message(std::move(data), std::move(msg_id)));
  }
  answer<published> publish(const muster::publish& what) { return ask<published>(testee, what); }
  void publish_many(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
      ask_later<published>(testee, message("\"" + std::to_string(i) + "\""));
    settle();
  }
  static muster::publish of_priority(std::uint8_t priority) {
    auto made = message("1");
    made.priority = priority;
    return made;
  }
  static muster::publish with_key(const std::string& key, std::string data = "1") {
    auto made = message(std::move(data));
    made.key = key;
    return made;
  }
  static muster::publish for_seconds(double expiration) {
    auto made = message("1");
    made.expiration = expiration;
    return made;
  }

  follower_ptr come() {
    auto script = std::make_shared<follower_script>();
    script->self = start_on_loop<follower>(script);
    settle();
    return script;
  }
  join_topic order_of(const follower_ptr& who, const std::string& client,
                      subscription_options options = {}) {
    join_topic order;
    order.cookie = 1;
    order.connection = who->self;
    order.pushes = who.get();
    order.loop = &loop;
    auto from = std::make_shared<arrival>();
    from->id = "ws." + client;
    from->channel = "demo";
    order.from = from;
    order.client_id = client;
    order.options = options;
    return order;
  }
  static subscription_options durable(ack_mode ack = ack_mode::automatic) {
    subscription_options options;
    options.durable = true;
    options.ack = ack;
    return options;
  }
  answer<topic_joined> join(const join_topic& order) { return ask<topic_joined>(testee, order); }
  answer<topic_joined> join(const follower_ptr& who, const std::string& client,
                            subscription_options options = {}) {
    return join(order_of(who, client, options));
  }
  /// Takes up a subscription that is named.
  answer<topic_joined> resume(const follower_ptr& who, const std::string& client,
                              const std::string& key) {
    auto order = order_of(who, client);
    order.sub_key = key;
    return join(order);
  }
  void leave(const follower_ptr& who, const std::string& key, subscription_state state = {}) {
    tell(testee, leave_topic{key, 1, who->self, std::move(state)});
  }
  /// A lasting subscription that nobody has at the moment.
  std::string away(const std::string& client, slow_consumer policy = slow_consumer::close) {
    const auto who = come();
    auto order = order_of(who, client, durable());
    order.policy = policy;
    const auto joined = join(order);
    leave(who, joined->about->sub_key, joined->state);
    return joined->about->sub_key;
  }

  answer<messages_pulled> pull(const std::string& key, numbers taken = numbers(lanes, 0),
                               std::uint32_t limit = 500, numbers again = {}) {
    return ask<messages_pulled>(
        testee, pull_messages{key, std::move(taken), limit, 1U << 20U, std::move(again)});
  }
  answer<messages_taken> take(const std::string& key, std::uint32_t limit = 500) {
    return ask<messages_taken>(testee, take_messages{key, limit, 1U << 20U});
  }
  answer<subscription_info> info(const std::string& key) {
    return ask<subscription_info>(testee, find_subscription{key, {}, {}});
  }
  std::uint64_t depth(const std::string& key) { return info(key)->depth; }
  std::uint64_t dropped(const std::string& key) {
    return info(key)->about->counters.dropped.load();
  }
  answer<message_page> query(message_query what = {}) {
    return ask<message_page>(testee, std::move(what));
  }
  answer<messages_deleted> erase(const std::string& key, const std::string& msg_id) {
    return ask<messages_deleted>(testee, delete_messages{key, msg_id});
  }

  static numbers seqs(const std::vector<publication_ptr>& messages) {
    numbers out;
    for (const auto& each : messages)
      out.push_back(each->seq());
    return out;
  }
  static subscription_state taken_up_to(std::uint64_t seq) {
    subscription_state state;
    state.take_all(seq);
    return state;
  }
  const fake_log& log() { return log_of(rules->number); }

  topic_actor testee;
  topic_ptr rules;
};

} // namespace muster::test
