#include "actors/pubsub_replies.hpp"
#include "actors/pubsub_service.hpp"
#include "messages/permissions.hpp"

#include <caf/sec.hpp>

#include <utility>

namespace muster {

namespace {

constexpr std::size_t max_known = 10'000;

/// Where a client wants what, or why it cannot have it.
struct wish {
  std::string topic_name;
  muster::publish message;
  std::optional<service_reply> refusal;
};

wish read(const service_request& request) {
  wish wanted;
  auto parsed = parse_publish(request.payload, &wanted.topic_name);
  if (wanted.topic_name.empty())
    wanted.refusal = refuse(400, "The field 'topic_name' must be the name of a topic");
  else if (!permits(request.from->channel->permissions, topic_right::publish, wanted.topic_name))
    wanted.refusal = refuse(403, "No permission to publish to " + wanted.topic_name);
  else if (!parsed)
    wanted.refusal = refuse_pubsub(parsed.error());
  if (wanted.refusal)
    return wanted;
  wanted.message = std::move(*parsed);
  wanted.message.publisher = request.from->client_id;
  wanted.message.channel = request.from->channel->name;
  return wanted;
}

} // namespace

// Only for a topic that is known: one that is sought has others waiting already.
direct_answer pubsub_service::answer(service_request& request) {
  if (verb_of(request.service) != verb::publish)
    return ask_by_message{};
  if (auto refusal = refusal_of(request))
    return std::move(*refusal);
  auto wanted = read(request);
  if (wanted.refusal)
    return std::move(*wanted.refusal);
  const auto known = known_.find(wanted.topic_name);
  if (known == known_.end())
    return ask_by_message{};
  return handed_on{{}, handed_on::order{known->second, std::move(wanted.message)}, {}};
}

void pubsub_service::publish(const service_request& request, promise answer) {
  auto wanted = read(request);
  if (wanted.refusal)
    answer.deliver(std::move(*wanted.refusal));
  else
    publish_to(wanted.topic_name, request.from->channel->create_topics,
               std::make_shared<muster::publish>(std::move(wanted.message)), true,
               std::move(answer));
}

// One that is known may have retired, or have failed with the message: then it is sought again, and
// asked once more only if it never saw the message.
void pubsub_service::publish_to(const std::string& topic_name, bool make,
                                const std::shared_ptr<muster::publish>& message, bool may_seek,
                                promise answer) {
  const auto known = known_.find(topic_name);
  if (known == known_.end()) {
    seek_and_publish(topic_name, make, message, std::move(answer));
    return;
  }
  self_->request(known->second, caf::infinite, *message)
      .then([answer](const published& done) mutable { answer.deliver(reply_to_publish(done)); },
            [this, topic_name, make, message, may_seek, answer](const caf::error& why) mutable {
              if (why.category() != caf::atom("muster"))
                known_.erase(topic_name);
              if (may_seek && why == caf::sec::request_receiver_down)
                seek_and_publish(topic_name, make, message, std::move(answer));
              else
                answer.deliver(refuse_pubsub(why));
            });
}

// What is published meanwhile to the same topic waits behind: a client's publications reach it in
// their order.
void pubsub_service::seek_and_publish(const std::string& topic_name, bool make,
                                      const std::shared_ptr<muster::publish>& message,
                                      promise answer) {
  auto& sought = make ? sought_or_made_ : sought_;
  if (sought.full()) {
    answer.deliver(refuse(503, "Try again later"));
    return;
  }
  if (!sought.add(topic_name, {message, std::move(answer)}))
    return;
  self_->request(house_->topics, caf::infinite, find_topic{topic_name, 0, make})
      .then(
          [this, &sought, topic_name, make, asked = house_->topics](const found_topic& found) {
            // Those who wait now have asked the one that came after it.
            if (asked != house_->topics)
              return;
            if (known_.size() >= max_known)
              known_.clear();
            known_[topic_name] = found.actor;
            for (auto& each : sought.take(topic_name))
              publish_to(topic_name, make, each.message, false, std::move(each.answer));
          },
          [this, &sought, topic_name, asked = house_->topics](const caf::error& why) {
            if (asked != house_->topics)
              return;
            for (auto& each : sought.take(topic_name))
              each.answer.deliver(refuse_pubsub(why));
          });
}

} // namespace muster
