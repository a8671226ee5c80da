// What a caller who has been let in does with a topic.

#include "messages/errc.hpp"
#include "messages/json_scan.hpp"
#include "net/pubsub_call.hpp"

#include <utility>

namespace muster {

namespace {

/// What a publication may have beside its data.
constexpr std::size_t around_data = 65536;

} // namespace

void pubsub_call::act(found_topic found) {
  topic_ = std::move(found.actor);
  switch (target_.verb) {
  case pubsub_verb::publish:
    publish_body(*found.definition);
    break;
  case pubsub_verb::subscribe:
    subscribe();
    break;
  case pubsub_verb::pull:
    find_own(&pubsub_call::pull);
    break;
  case pubsub_verb::unsubscribe:
    find_own(&pubsub_call::unsubscribe);
    break;
  }
}

void pubsub_call::publish_body(const topic_definition& rules) {
  if (request_.body.size() > rules.max_message_bytes + around_data) {
    refuse(413, "The message is larger than the topic allows");
    return;
  }
  if (const auto fault = check_object(request_.body)) {
    fail(fault);
    return;
  }
  auto message = parse_publish(request_.body);
  if (!message) {
    fail(message.error());
    return;
  }
  request_.body = {};
  message->publisher = publisher_;
  message->channel = channel_->name;
  ask(topic_, std::move(*message), &pubsub_call::on_published);
}

void pubsub_call::on_published(published done) {
  succeed(R"(,"msg_id":)" + quoted(done.msg_id));
}

void pubsub_call::subscribe() {
  ask(topic_, subscribe_remotely{channel_->name, client_id_, channel_->slow_consumer},
      &pubsub_call::on_subscribed);
}

void pubsub_call::on_subscribed(subscription_info made) {
  succeed(R"(,"sub_key":)" + quoted(made.about->sub_key));
}

void pubsub_call::find_own(void (pubsub_call::*next)(subscription_info)) {
  exchange_->desk().ask<subscription_info>(
      topic_, find_subscription{{}, channel_->name, client_id_}, patience,
      [self = shared_from_this(), next](caf::expected<subscription_info> own) {
        if (own)
          (self.get()->*next)(std::move(*own));
        else if (code_of(own.error()) == errc::not_found)
          self->refuse(404, "There is no subscription to this topic");
        else
          self->fail(own.error());
      });
}

void pubsub_call::pull(subscription_info own) {
  const auto limit = read_pull_limit(request_.body);
  if (!limit) {
    fail(limit.error());
    return;
  }
  sub_key_ = own.about->sub_key;
  take_messages order;
  order.sub_key = sub_key_;
  order.limit = *limit;
  ask(topic_, std::move(order), &pubsub_call::on_pulled);
}

void pubsub_call::on_pulled(messages_taken taken) {
  std::string members{R"(,"messages":[)"};
  for (std::size_t i = 0; i < taken.messages.size(); ++i) {
    if (i > 0)
      members += ',';
    members += delivery_object(*taken.messages[i], sub_key_, taken.delivery_counts.at(i));
  }
  members += R"(],"meta":{"count":)" + std::to_string(taken.messages.size()) + '}';
  succeed(members);
}

void pubsub_call::unsubscribe(subscription_info own) {
  ask(topic_, end_subscription{own.about->sub_key}, &pubsub_call::on_unsubscribed);
}

void pubsub_call::on_unsubscribed(done) {
  succeed();
}

} // namespace muster
