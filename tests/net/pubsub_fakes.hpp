#pragma once

#include "messages/errc.hpp"
#include "tests/net/running_loops.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace muster::test {

/// A channel that nobody connects to, with secrets that are no hashes.
class guarded_channel {
public:
  using handle = channel_actor;
  explicit guarded_channel(handle::pointer) {}

  handle::behavior_type start(channel_ptr rules, std::shared_ptr<journal> log) {
    return {
        [](const admit&) -> caf::result<admitted> { return errc::unavailable; },
        [](const open_session&) -> caf::result<session_granted> { return errc::unavailable; },
        [rules, log](const check_credentials& asked) -> caf::result<credentials_checked> {
          log->note(rules->name + " is asked for " + asked.username + ":" + asked.secret);
          if (rules->security == channel_security::none)
            return credentials_checked{{}, rules};
          if (asked.secret == "busy")
            return make_error(errc::unavailable, "the secret was not checked");
          const bool by_key = rules->security == channel_security::api_key;
          for (const auto& each : rules->credentials)
            if (each.secret_hash == asked.secret && (by_key || each.username == asked.username))
              return credentials_checked{each.username, rules};
          return errc::unauthorized;
        },
        [](const revise_channel&) {},
        [](const adopt_connections&) {},
        [](const house_ptr&) {},
        [](const drill&) {},
    };
  }
  std::string name = "guarded channel";
};

/// Channels that never change.
class fixed_catalogue {
public:
  using handle = catalogue_actor;
  explicit fixed_catalogue(handle::pointer) {}

  handle::behavior_type start(std::vector<channel_info> all) {
    return {
        [all](const list_channels&) { return channel_list{all}; },
        [all](const find_channel& wanted) -> caf::result<channel_info> {
          for (const auto& each : all)
            if (each.definition->name == wanted.name)
              return each;
          return errc::not_found;
        },
        [](const create_channel&) -> caf::result<channel_info> { return errc::unavailable; },
        [](const edit_channel&) -> caf::result<channel_edited> { return errc::unavailable; },
        [](const house_ptr&) {},
        [](const drill&) {},
    };
  }
  std::string name = "fixed catalogue";
};

/// What topics do and what was said to them; any thread.
struct topic_script {
  std::mutex mutex;
  std::optional<caf::error> refusal;
  std::vector<publish> publications;
  std::vector<subscribe_remotely> subscribers;
  std::vector<take_messages> pulls;

  publish last() {
    const std::lock_guard lock{mutex};
    return publications.empty() ? publish{} : publications.back();
  }
};

/// Keeps what is published for one subscription, if there is any.
class queueing_topic {
public:
  using handle = topic_actor;
  explicit queueing_topic(handle::pointer) {}

  handle::behavior_type start(std::string topic_name, std::shared_ptr<topic_script> play) {
    name = std::move(topic_name);
    play_ = std::move(play);
    return {
        [this](const publish& message) { return take(message); },
        [](const join_topic&) -> caf::result<topic_joined> { return errc::unavailable; },
        [](const leave_topic&) {},
        [](const report_progress&) {},
        [](const pull_messages&) -> caf::result<messages_pulled> { return errc::unavailable; },
        [this](const subscribe_remotely& who) { return subscribe(who); },
        [this](const take_messages& order) { return hand_out(order); },
        [](const list_subscriptions&) { return subscription_list{}; },
        [this](const find_subscription& wanted) { return find(wanted); },
        [this](const end_subscription& which) -> caf::result<done> {
          if (!own_ || which.sub_key != own_->sub_key)
            return errc::not_found;
          own_ = nullptr;
          return done{};
        },
        [](const message_query&) -> caf::result<message_page> { return errc::unavailable; },
        [](const delete_messages&) -> caf::result<messages_deleted> { return errc::unavailable; },
        [](const list_publishers&) { return publisher_list{}; },
        [](const revise_topic&) {},
        [](const forget_messages&) {},
        [](const house_ptr&) {},
        [](const drill&) {},
    };
  }
  std::string name;

private:
  caf::result<published> take(const publish& message) {
    const std::lock_guard lock{play_->mutex};
    if (play_->refusal)
      return *play_->refusal;
    play_->publications.push_back(message);
    topic_message kept;
    kept.seq = ++seq_;
    kept.msg_id = message.msg_id.empty() ? "zpsm" + std::to_string(seq_) : message.msg_id;
    kept.data = message.data;
    if (own_)
      queue_.push_back(std::make_shared<publication>(kept, name));
    return published{kept.msg_id, seq_};
  }
  caf::result<subscription_info> subscribe(const subscribe_remotely& who) {
    const std::lock_guard lock{play_->mutex};
    if (play_->refusal)
      return *play_->refusal;
    play_->subscribers.push_back(who);
    subscription_facts facts;
    facts.sub_key = "zpsk." + name;
    facts.channel = who.channel;
    facts.client_id = who.client_id;
    own_ = std::make_shared<const subscription>(facts);
    return info();
  }
  caf::result<subscription_info> find(const find_subscription& wanted) const {
    if (own_ && own_->channel == wanted.channel && own_->client_id == wanted.client_id)
      return info();
    return errc::not_found;
  }
  caf::result<messages_taken> hand_out(const take_messages& order) {
    const std::lock_guard lock{play_->mutex};
    play_->pulls.push_back(order);
    messages_taken taken;
    while (!queue_.empty() && taken.messages.size() < order.limit) {
      taken.messages.push_back(queue_.front());
      taken.delivery_counts.push_back(1);
      queue_.erase(queue_.begin());
    }
    return taken;
  }
  subscription_info info() const {
    subscription_info about;
    about.about = own_;
    return about;
  }

  std::shared_ptr<topic_script> play_;
  subscription_ptr own_;
  std::vector<publication_ptr> queue_;
  std::uint64_t seq_ = 0;
};

/// A few topics, and those that are made.
class few_topics {
public:
  using handle = topics_actor;
  explicit few_topics(handle::pointer self) : self_{self} {}

  handle::behavior_type start(std::vector<std::string> names, std::shared_ptr<topic_script> play) {
    play_ = std::move(play);
    for (const auto& each : names)
      make(each);
    return {
        [this](const find_topic& wanted) { return find(wanted); },
        [](const describe_topic&) -> caf::result<topic_info> { return errc::not_found; },
        [](const list_topics&) { return topic_list{}; },
        [](const create_topic&) -> caf::result<topic_info> { return errc::unavailable; },
        [](const edit_topic&) -> caf::result<topic_info> { return errc::unavailable; },
        [](const retire_topic&) {},
        [](const house_ptr&) {},
        [](const drill&) {},
    };
  }
  std::string name = "few topics";

private:
  void make(const std::string& topic_name) {
    auto rules = std::make_shared<topic_definition>();
    rules->name = topic_name;
    rules->max_message_bytes = 100'000;
    all_.emplace(topic_name, found_topic{rules, spawn<queueing_topic>(self_->home_system(),
                                                                      topic_name, play_)});
  }
  caf::result<found_topic> find(const find_topic& wanted) {
    if (wanted.make && !all_.contains(wanted.name))
      make(wanted.name);
    const auto found = all_.find(wanted.name);
    if (found == all_.end())
      return errc::not_found;
    return found->second;
  }

  handle::pointer self_;
  std::shared_ptr<topic_script> play_;
  std::map<std::string, found_topic> all_;
};

} // namespace muster::test
