#include "actors/pubsub_service.hpp"

#include "actors/pubsub_replies.hpp"
#include "messages/json_scan.hpp"
#include "messages/permissions.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace muster {

namespace {

constexpr std::uint32_t usual_history = 50;
constexpr std::uint32_t most_history = 1000;

constexpr std::array<std::string_view, 12> all_names{
    "pubsub.publish",
    "zato.pubsub.pubapi.publish-message",
    "pubsub.subscribe",
    "zato.pubsub.subscription.create-wsx-subscription",
    "zato.pubsub.pubapi.subscribe-wsx",
    "pubsub.unsubscribe",
    "zato.pubsub.pubapi.unsubscribe",
    "pubsub.resume",
    "zato.pubsub.resume-wsx-subscription",
    "pubsub.ack",
    "pubsub.topics",
    "pubsub.history"};

/// A text member; empty when it is not there.
std::string text_of(std::string_view json, std::string_view name) {
  std::string out;
  json_string(find_member(json, name), out);
  return out;
}

bool is_given(std::string_view json, std::string_view name) {
  const auto value = find_member(json, name);
  return !value.empty() && value != "null";
}

/// A number member: false when there is something else.
template <class Number>
bool read_number(std::string_view json, std::string_view name, Number& out) {
  const auto value = find_member(json, name);
  if (value.empty() || value == "null")
    return true;
  const auto* end = value.data() + value.size();
  const auto read = std::from_chars(value.data(), end, out);
  return read.ec == std::errc{} && read.ptr == end;
}

std::string to_json(const subscribed& done) {
  std::string out = "{\"topic_name\":" + quoted(done.topic_name);
  out += ",\"sub_key\":" + quoted(done.sub_key);
  out += ",\"current_depth\":" + std::to_string(done.current_depth) + '}';
  return out;
}

bool may(const service_request& request, topic_right right, const std::string& topic_name) {
  return permits(request.from->channel->permissions, right, topic_name);
}

} // namespace

/// Subscriptions that are asked for one after the other.
struct pubsub_service::subscribing {
  connection_actor connection;
  std::vector<std::string> left;
  bool is_list = false;
  subscription_options options;
  std::vector<subscribed> made;
  promise answer;
};

std::span<const std::string_view> pubsub_service::names() {
  return all_names;
}

pubsub_service::handle::behavior_type pubsub_service::start() {
  return {
      [this](const service_request& request) { return take(request); },
      [this](const house_ptr& addresses) {
        const auto before = std::exchange(house_, addresses);
        known_.clear();
        // Who was asked is gone, and the questions may be with it.
        if (before && before->topics != house_->topics)
          for (auto* const sought : {&sought_, &sought_or_made_})
            for (auto& each : sought->take_all())
              each.answer.deliver(refuse(503, "Try again later"));
      },
  };
}

std::optional<pubsub_service::verb> pubsub_service::verb_of(std::string_view service) {
  constexpr std::array<verb, all_names.size()> all_verbs{
      verb::publish,   verb::publish,     verb::subscribe,   verb::subscribe,
      verb::subscribe, verb::unsubscribe, verb::unsubscribe, verb::resume,
      verb::resume,    verb::ack,         verb::topics,      verb::history};
  const auto at = std::find(all_names.begin(), all_names.end(), service);
  if (at == all_names.end())
    return std::nullopt;
  return all_verbs[static_cast<std::size_t>(at - all_names.begin())];
}

std::optional<service_reply> pubsub_service::refusal_of(const service_request& request) const {
  if (!house_ || !request.from || !request.from->channel)
    return refuse(503, "Try again later");
  const bool is_object = !request.payload.empty() && request.payload.front() == '{';
  if (!is_object && request.payload != "null")
    return refuse(400, "The request must be an object");
  return std::nullopt;
}

caf::result<service_reply> pubsub_service::take(const service_request& request) {
  if (auto refusal = refusal_of(request))
    return std::move(*refusal);
  const auto wanted = verb_of(request.service);
  if (!wanted)
    return refuse(404, "No such service");
  auto answer = self_->make_response_promise<promise>();
  switch (*wanted) {
  case verb::publish:
    publish(request, answer);
    break;
  case verb::subscribe:
    subscribe(request, answer);
    break;
  case verb::unsubscribe:
    unsubscribe(request, answer);
    break;
  case verb::resume:
    resume(request, answer);
    break;
  case verb::ack:
    acknowledge(request, answer);
    break;
  case verb::topics:
    list_topics(request, answer);
    break;
  case verb::history:
    read_history(request, answer);
    break;
  }
  return answer;
}

void pubsub_service::with_connection(const service_request& request, promise answer,
                                     std::function<void(const connection_actor&)> then) {
  self_->request(house_->registry, caf::infinite, find_connection{request.from->from->id})
      .then([then](const found_connection& found) { then(found.entry.connection); },
            [answer](const caf::error& why) mutable { answer.deliver(refuse_pubsub(why)); });
}

template <class Reply, class Request>
void pubsub_service::tell_connection(const service_request& request, Request order,
                                     promise answer) {
  with_connection(request, answer, [this, order, answer](const connection_actor& whom) {
    self_->request(whom, caf::infinite, order)
        .then([answer](const Reply&) mutable { answer.deliver(service_reply{}); },
              [answer](const caf::error& why) mutable { answer.deliver(refuse_pubsub(why)); });
  });
}

void pubsub_service::subscribe(const service_request& request, promise answer) {
  auto work = std::make_shared<subscribing>();
  work->answer = answer;
  work->is_list = is_given(request.payload, "topic_name_list");
  if (work->is_list == is_given(request.payload, "topic_name")) {
    answer.deliver(refuse(400, "Give either 'topic_name' or 'topic_name_list'"));
    return;
  }
  if (work->is_list)
    for (const auto element : json_elements(find_member(request.payload, "topic_name_list"))) {
      work->left.emplace_back();
      json_string(element, work->left.back());
    }
  else
    work->left.push_back(text_of(request.payload, "topic_name"));
  const bool has_empty =
      std::any_of(work->left.begin(), work->left.end(), [](const auto& t) { return t.empty(); });
  if (work->left.empty() || has_empty || work->left.size() > max_topics) {
    answer.deliver(refuse(400, "'topic_name' and 'topic_name_list' must name 1 to 1000 topics"));
    return;
  }
  auto options = parse_subscription_options(request.payload);
  if (!options) {
    answer.deliver(refuse_pubsub(options.error()));
    return;
  }
  for (const auto& topic_name : work->left)
    if (!may(request, topic_right::subscribe, topic_name)) {
      answer.deliver(refuse(403, "No permission to subscribe to " + topic_name));
      return;
    }
  work->options = *options;
  std::reverse(work->left.begin(), work->left.end());
  with_connection(request, answer, [this, work](const connection_actor& whom) {
    work->connection = whom;
    subscribe_next(work);
  });
}

// When one fails, those that were made stay out as well; those that were there before stay.
void pubsub_service::subscribe_next(const std::shared_ptr<subscribing>& work) {
  if (work->left.empty()) {
    std::string data;
    for (const auto& each : work->made)
      data += (data.empty() ? "" : ",") + to_json(each);
    std::string head;
    if (!work->is_list)
      head = "\"sub_key\":" + quoted(work->made.front().sub_key)
             + ",\"current_depth\":" + std::to_string(work->made.front().current_depth) + ',';
    work->answer.deliver(service_reply{200, '{' + head + "\"sub_data\":[" + data + "]}", {}});
    return;
  }
  const auto topic_name = work->left.back();
  work->left.pop_back();
  self_
      ->request(work->connection, caf::infinite,
                muster::subscribe{topic_name, work->options, false})
      .then(
          [this, work](subscribed& done) {
            work->made.push_back(std::move(done));
            subscribe_next(work);
          },
          [this, work](const caf::error& why) {
            for (const auto& each : work->made)
              if (each.fresh)
                self_
                    ->request(work->connection, caf::infinite,
                              muster::unsubscribe{{}, each.sub_key})
                    .then([](const done&) {}, [](const caf::error&) {});
            work->answer.deliver(refuse_pubsub(why));
          });
}

void pubsub_service::unsubscribe(const service_request& request, promise answer) {
  muster::unsubscribe order{text_of(request.payload, "topic_name"),
                            text_of(request.payload, "sub_key")};
  if (order.topic_name.empty() == order.sub_key.empty())
    answer.deliver(refuse(400, "Give either 'topic_name' or 'sub_key'"));
  else
    tell_connection<done>(request, std::move(order), std::move(answer));
}

void pubsub_service::resume(const service_request& request, promise answer) {
  resume_subscription order{text_of(request.payload, "sub_key")};
  if (order.sub_key.empty())
    answer.deliver(refuse(400, "The field 'sub_key' is missing"));
  else
    tell_connection<subscribed>(request, std::move(order), std::move(answer));
}

void pubsub_service::acknowledge(const service_request& request, promise answer) {
  muster::acknowledge order{text_of(request.payload, "sub_key"), text_of(request.payload, "msg_id"),
                            std::nullopt};
  std::uint64_t up_to = 0;
  if (is_given(request.payload, "up_to") && read_number(request.payload, "up_to", up_to))
    order.up_to = up_to;
  if (order.sub_key.empty() || order.msg_id.empty() == !order.up_to)
    answer.deliver(refuse(400, "Give 'sub_key', and either 'msg_id' or 'up_to', a sequence"));
  else
    tell_connection<done>(request, std::move(order), std::move(answer));
}

// Only what the channel may use.
void pubsub_service::list_topics(const service_request& request, promise answer) {
  self_->request(house_->topics, caf::infinite, muster::list_topics{})
      .then(
          [channel = request.from->channel, answer](const topic_list& all) mutable {
            std::string out;
            for (const auto& each : all.items) {
              const auto& topic_name = each.definition->name;
              const bool pub = permits(channel->permissions, topic_right::publish, topic_name);
              const bool sub = permits(channel->permissions, topic_right::subscribe, topic_name);
              if (!pub && !sub)
                continue;
              out += (out.empty() ? "" : ",") + ("{\"name\":" + quoted(topic_name));
              out += std::string{",\"can_publish\":"} + (pub ? "true" : "false");
              out += std::string{",\"can_subscribe\":"} + (sub ? "true" : "false") + '}';
            }
            answer.deliver(service_reply{200, "{\"topics\":[" + out + "]}", {}});
          },
          [answer](const caf::error& why) mutable { answer.deliver(refuse_pubsub(why)); });
}

void pubsub_service::read_history(const service_request& request, promise answer) {
  const auto topic_name = text_of(request.payload, "topic_name");
  message_query question;
  question.newest_first = false;
  question.limit = usual_history;
  std::uint64_t from = 0;
  if (topic_name.empty() || !read_number(request.payload, "limit", question.limit)
      || question.limit < 1 || question.limit > most_history
      || !read_number(request.payload, "from_seq", from)) {
    answer.deliver(refuse(400, "Give 'topic_name', and optionally 'limit' (1 to 1000) and "
                               "'from_seq'"));
    return;
  }
  if (!may(request, topic_right::subscribe, topic_name)) {
    answer.deliver(refuse(403, "No permission to subscribe to " + topic_name));
    return;
  }
  // Without a beginning the newest are wanted, which come from behind.
  question.newest_first = !is_given(request.payload, "from_seq");
  question.after_seq = from == 0 ? 0 : from - 1;
  const auto fail = [answer](const caf::error& why) mutable { answer.deliver(refuse_pubsub(why)); };
  self_->request(house_->topics, caf::infinite, find_topic{topic_name, 0, false})
      .then(
          [this, question, answer, fail](const found_topic& found) {
            self_->request(found.actor, caf::infinite, question)
                .then(
                    [question, answer](message_page& page) mutable {
                      if (question.newest_first)
                        std::reverse(page.messages.begin(), page.messages.end());
                      std::string out;
                      for (const auto& each : page.messages)
                        out += (out.empty() ? "" : ",") + message_object(*each);
                      answer.deliver(service_reply{200, "{\"messages\":[" + out + "]}", {}});
                    },
                    fail);
          },
          fail);
}

} // namespace muster
