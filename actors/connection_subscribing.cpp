// How a connection's client comes to subscriptions, and how they end.

#include "actors/connection.hpp"

#include "messages/metrics.hpp"
#include "messages/permissions.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

constexpr duration retry_pause = std::chrono::seconds{1};

caf::error not_yours() {
  return make_error(errc::forbidden, "The subscription is another client's");
}

caf::error not_permitted(const std::string& topic_name) {
  return make_error(errc::forbidden, "No permission to subscribe to " + topic_name);
}

} // namespace

bool connection::may_subscribe(const std::string& topic_name) const {
  return permits(definition_->permissions, topic_right::subscribe, topic_name);
}

caf::error connection::cannot_subscribe() {
  if (closing() || !ready_)
    return make_error(errc::no_session);
  if (!feeds_)
    feeds_ = std::make_unique<feeds>();
  if (feeds_->full())
    return make_error(errc::too_many_requests, "The connection has too many subscriptions");
  return {};
}

caf::result<subscribed> connection::subscribe(const muster::subscribe& request) {
  if (!request.by_administrator && !may_subscribe(request.topic_name))
    return not_permitted(request.topic_name);
  if (auto why = cannot_subscribe())
    return why;
  auto answer = self_->make_response_promise<caf::typed_response_promise<subscribed>>();
  if (auto* const known = feeds_->find_topic(request.topic_name)) {
    tell_depth(*known, answer);
    return answer;
  }
  auto& made = feeds_->add(request.topic_name);
  made.by_administrator = request.by_administrator;
  made.await_topic(to_asker(answer));
  count_feeds();
  const bool make = !request.by_administrator && definition_->create_topics;
  seek_topic(made.cookie(), {request.topic_name, 0, make}, {}, request.options);
  return answer;
}

caf::result<subscribed> connection::resume(const resume_subscription& request) {
  if (auto why = cannot_subscribe())
    return why;
  const auto number = topic_number_of(request.sub_key);
  if (!number)
    return make_error(errc::not_found, "There is no such subscription");
  auto answer = self_->make_response_promise<caf::typed_response_promise<subscribed>>();
  if (auto* const known = feeds_->find_key(request.sub_key)) {
    tell_depth(*known, answer);
    return answer;
  }
  auto& made = feeds_->add({});
  made.await_topic(to_asker(answer));
  count_feeds();
  seek_topic(made.cookie(), {{}, *number, false}, request.sub_key, {});
  return answer;
}

feed::asker connection::to_asker(caf::typed_response_promise<subscribed> answer) {
  return [answer](caf::expected<subscribed> told) mutable {
    if (told)
      answer.deliver(std::move(*told));
    else
      answer.deliver(std::move(told.error()));
  };
}

// It is there already.
void connection::tell_depth(feed& known, caf::typed_response_promise<subscribed> answer) {
  if (!known.about || !known.topic) {
    known.await_topic(to_asker(answer));
    return;
  }
  self_->request(known.topic, caf::infinite, find_subscription{known.about->sub_key, {}, {}})
      .then(
          [answer](const subscription_info& found) mutable {
            answer.deliver(subscribed{found.about->topic_name, found.about->sub_key, found.depth});
          },
          [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
}

void connection::seek_topic(std::uint32_t cookie, const find_topic& which,
                            const std::string& sub_key, const subscription_options& options) {
  self_->request(house_->topics, caf::infinite, which)
      .then(
          [this, cookie, sub_key, options](const found_topic& found) {
            auto* const waiting = feeds_ ? feeds_->find(cookie) : nullptr;
            if (!waiting || closing())
              return;
            if (!waiting->by_administrator && !may_subscribe(found.definition->name)) {
              fail_feed(cookie, not_permitted(found.definition->name));
              return;
            }
            waiting->topic = found.actor;
            join_topic order;
            order.sub_key = sub_key;
            order.options = options;
            join(*waiting, std::move(order));
          },
          [this, cookie](const caf::error& why) { fail_feed(cookie, why); });
}

void connection::join(feed& which, join_topic order) {
  order.cookie = which.cookie();
  order.connection = caf::actor_cast<connection_actor>(self_);
  order.pushes = this;
  order.loop = loop_;
  order.from = from_;
  order.client_id = client_->client_id;
  order.policy = definition_->slow_consumer;
  self_->request(which.topic, caf::infinite, std::move(order))
      .then([this, cookie = which.cookie()](topic_joined& joined) { take_joined(cookie, joined); },
            [this, cookie = which.cookie()](const caf::error& why) { fail_feed(cookie, why); });
}

void connection::take_joined(std::uint32_t cookie, topic_joined& joined) {
  auto* const which = feeds_ ? feeds_->find(cookie) : nullptr;
  if (!which || closing())
    return; // The topic was told when the feed went.
  const subscribed told{joined.about->topic_name, joined.about->sub_key, joined.depth,
                        joined.fresh};
  which->begin(std::move(joined));
  which->answer_askers(told);
  which->shrink();
  advance(*which);
}

// A living one is sought again; one that was never there ends.
void connection::fail_feed(std::uint32_t cookie, const caf::error& why) {
  auto* const which = feeds_ ? feeds_->find(cookie) : nullptr;
  if (!which)
    return;
  const auto is_final = why.category() == caf::atom("muster") && code_of(why) != errc::unavailable;
  if (which->about && !is_final) {
    which->lose_topic(loop_->now() + retry_pause);
    wake_for(*which);
    return;
  }
  which->answer_askers(why.category() == caf::atom("muster")
                           ? why
                           : make_error(errc::unavailable, "The topic is not there, try again"));
  drop_feed(cookie);
}

void connection::lose_topic(const topic_lost& lost) {
  auto* const which = feeds_ ? feeds_->find(lost.cookie) : nullptr;
  if (!which || !which->about)
    return;
  which->flushed(wire_ ? wire_->queued_bytes() : 0);
  which->lose_topic(loop_->now() + retry_pause);
  which->retrying();
  rejoin(*which);
}

void connection::rejoin(feed& which) {
  self_->request(house_->topics, caf::infinite, find_topic{which.topic_name(), 0, false})
      .then(
          [this, cookie = which.cookie()](const found_topic& found) {
            auto* const waiting = feeds_ ? feeds_->find(cookie) : nullptr;
            if (!waiting || closing())
              return;
            waiting->topic = found.actor;
            join_topic order;
            order.known = waiting->about;
            order.era = waiting->era();
            order.state = waiting->state();
            join(*waiting, std::move(order));
          },
          [this, cookie = which.cookie()](const caf::error& why) { fail_feed(cookie, why); });
}

caf::result<done> connection::unsubscribe(const muster::unsubscribe& request) {
  auto* const which = !feeds_                   ? nullptr
                      : request.sub_key.empty() ? feeds_->find_topic(request.topic_name)
                                                : feeds_->find_key(request.sub_key);
  auto answer = self_->make_response_promise<caf::typed_response_promise<done>>();
  if (!which || !which->about || !which->topic) {
    end_stranger(request, answer);
    return answer;
  }
  const auto of = which->topic;
  const auto key = which->about->sub_key;
  drop_feed(which->cookie());
  end_at(of, key, answer);
  return answer;
}

void connection::end_at(const topic_actor& of, const std::string& sub_key,
                        caf::typed_response_promise<done> answer) {
  self_->request(of, caf::infinite, end_subscription{sub_key})
      .then([answer](const done&) mutable { answer.deliver(done{}); },
            [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
}

// One that this connection does not have: the client's own may end.
void connection::end_stranger(const muster::unsubscribe& request,
                              caf::typed_response_promise<done> answer) {
  with_stranger(
      request.topic_name, request.sub_key,
      [this, answer](caf::expected<subscription_info> found, const topic_actor& of) mutable {
        if (!found)
          answer.deliver(std::move(found.error()));
        else
          end_at(of, found->about->sub_key, answer);
      });
}

/// Hands on a subscription of the client that another of its connections has, or none; an error
/// when it is not the client's.
void connection::with_stranger(
    const std::string& topic_name, const std::string& sub_key,
    std::function<void(caf::expected<subscription_info>, const topic_actor&)> then) {
  const auto number = topic_number_of(sub_key);
  if (topic_name.empty() && !number) {
    then(make_error(errc::not_found, "There is no such subscription"), {});
    return;
  }
  const auto fail = [then](caf::error& why) { then(std::move(why), {}); };
  const auto judge = [this, then](const subscription_info& found, const topic_actor& of) {
    const bool ours =
        found.about->channel == definition_->name && found.about->client_id == client_->client_id;
    if (ours)
      then(found, of);
    else
      then(not_yours(), of);
  };
  self_->request(house_->topics, caf::infinite, find_topic{topic_name, number.value_or(0), false})
      .then(
          [this, sub_key, judge, fail](const found_topic& found) {
            find_subscription question{sub_key, definition_->name, client_->client_id};
            self_->request(found.actor, caf::infinite, std::move(question))
                .then(
                    [judge, of = found.actor](const subscription_info& known) { judge(known, of); },
                    fail);
          },
          fail);
}

caf::result<done> connection::acknowledge(const muster::acknowledge& request) {
  auto* const which = feeds_ ? feeds_->find_key(request.sub_key) : nullptr;
  if (!which) {
    auto answer = self_->make_response_promise<caf::typed_response_promise<done>>();
    with_stranger(
        {}, request.sub_key,
        [answer](const caf::expected<subscription_info>& found, const topic_actor&) mutable {
          if (found)
            answer.deliver(make_error(errc::conflict, "Another connection has the "
                                                      "subscription: resume it first"));
          else
            answer.deliver(found.error());
        });
    return answer;
  }
  std::size_t settled = 0;
  if (request.up_to)
    settled += which->acknowledge_up_to(*request.up_to);
  if (const auto seq = which->find_unacked(request.msg_id))
    settled += which->acknowledge(*seq) ? 1 : 0;
  count(counters().acknowledgements, settled);
  which->note_change(loop_->now());
  advance(*which);
  return done{};
}

void connection::end_feed(const muster::end_feed& order) {
  if (auto* const which = feeds_ ? feeds_->find(order.cookie) : nullptr) {
    which->answer_askers(make_error(errc::not_found, "The subscription has ended"));
    drop_feed(order.cookie);
  }
}

// An edit of the channel takes rights away at once. What lasts is left as it is, for a client that
// gets them back.
void connection::check_subscriptions() {
  if (!feeds_)
    return;
  std::vector<std::uint32_t> lost;
  for (auto& each : feeds_->all())
    if (each.about && !each.by_administrator && !may_subscribe(each.topic_name()))
      lost.push_back(each.cookie());
  for (const auto cookie : lost) {
    auto& which = *feeds_->find(cookie);
    which.flushed(wire_ ? wire_->queued_bytes() : 0);
    if (which.topic)
      self_->send(which.topic,
                  leave_topic{which.about->sub_key, cookie,
                              caf::actor_cast<connection_actor>(self_), which.state()});
    drop_feed(cookie);
  }
}

caf::result<subscription_list> connection::list_feeds() {
  auto answer = self_->make_response_promise<caf::typed_response_promise<subscription_list>>();
  auto found = std::make_shared<subscription_list>();
  auto left = std::make_shared<std::size_t>(1);
  auto one_less = [found, left, answer]() mutable {
    if (--*left == 0)
      answer.deliver(std::move(*found));
  };
  if (feeds_)
    for (auto& each : feeds_->all()) {
      if (!each.about || !each.topic)
        continue;
      ++*left;
      self_->request(each.topic, caf::infinite, find_subscription{each.about->sub_key, {}, {}})
          .then(
              [found, one_less](const subscription_info& info) mutable {
                found->items.push_back(info);
                one_less();
              },
              [one_less](const caf::error&) mutable { one_less(); });
    }
  one_less();
  return answer;
}

} // namespace muster
