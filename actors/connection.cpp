#include "actors/connection.hpp"

#include "actors/common_behavior.hpp"
#include "actors/turn.hpp"
#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

/// The largest message before there is a session.
constexpr std::size_t max_first_message = 65536;

/// How long the handshake may take after the channel has admitted it.
constexpr duration admission_patience = std::chrono::seconds{30};

} // namespace

connection::connection(handle::pointer self) : self_{self}, alarm_{*this} {}

connection::~connection() {
  leave_topics();
}

connection_actor::behavior_type connection::start(home* loop, std::shared_ptr<const arrival> from,
                                                  channel_ptr definition, channel_actor channel,
                                                  house_ptr addresses) {
  loop_ = loop;
  from_ = std::move(from);
  definition_ = std::move(definition);
  channel_ = std::move(channel);
  house_ = std::move(addresses);
  session_due_ = loop_->now() + admission_patience;
  arm();
  counters_ = std::make_shared<connection_counters>();
  self_->set_exception_handler([this](std::exception_ptr& error) -> caf::error {
    fail(error);
    return to_exit_reason({close_code::actor_failed, "Internal error", "server"});
  });
  self_->set_exit_handler([this](const caf::exit_msg& order) {
    if (auto wanted = close_order_of(order.reason))
      close(std::move(*wanted));
    else
      close({close_code::going_away, "", "server"});
  });
  return common_behavior(
      *this,
      // They are tried in this order: what comes most often stands first.
      [](connection& me, const wire_received& message) { me.receive(message); },
      [](connection& me, const wire_opened& opened) { me.open(opened); },
      [](connection& me, const wire_ponged&) { me.ponged(); },
      [](connection& me, const wire_drained&) { me.drain(); },
      [](connection& me, const wire_closed& closed) { me.end(closed); },
      [](connection& me, const deadline_passed&) { me.tick(); },
      [](connection& me, invoke& call) { return me.call_client(call); },
      [](connection& me, const cancel_invoke& order) {
        if (me.invocations_)
          me.invocations_->cancel(order.operation, me.loop_->now());
      },
      [](connection& me, const broadcast& message) { return me.tell_client(message); },
      [](connection& me, const close_order& order) { return me.close_and_tell(order); },
      [](connection& me, const read_message_log&) {
        return message_log_entries{me.log_ ? me.log_->entries() : std::vector<logged_message>{}};
      },
      [](connection& me, const channel_revised& revision) { me.revise(revision); },
      [](connection& me, const muster::subscribe& request) { return me.subscribe(request); },
      [](connection& me, const muster::unsubscribe& request) { return me.unsubscribe(request); },
      [](connection& me, const resume_subscription& request) { return me.resume(request); },
      [](connection& me, const muster::acknowledge& request) { return me.acknowledge(request); },
      [](connection& me, const list_subscriptions&) { return me.list_feeds(); },
      [](connection& me, const yield_subscription& order) { return me.yield(order); },
      [](connection& me, const muster::end_feed& order) { me.end_feed(order); },
      [](connection& me, const topic_lost& lost) { me.lose_topic(lost); },
      [](connection& me, const settle_messages& order) { me.settle(order); },
      [](connection& me, const house_ptr& addresses_now) { me.move_to(addresses_now); },
      [](connection&, const turn_failed& turn) { std::rethrow_exception(turn.what); },
      [](connection&, const drill& order) { throw std::runtime_error{order.what}; });
}

void connection::alarm::on_deadline() {
  // Keeps the actor for this turn, which may be its last.
  const connection_actor self{caf::actor_cast<connection_actor>(owner_.self_)};
  take_turn(self, *owner_.loop_, deadline_passed{});
}

void connection::open(const wire_opened& opened) {
  wire_ = opened.wire;
  wire_->give_messages_to(*this);
  if (closing()) {
    send_close();
    arm();
    return;
  }
  const auto now = loop_->now();
  wire_->limit_message(std::min<std::size_t>(max_first_message, definition_->max_message_bytes));
  limiter_.set(definition_->rate_limit, now);
  bound_queue();
  if (definition_->message_log.messages > 0)
    log_ = std::make_unique<message_log>(definition_->message_log);
  session_due_ = now + to_duration(definition_->new_token_wait_time);
  find_service();
  publish();
  arm();
}

// The policy rules over what the wire has not taken: it must not take all that there may be.
void connection::bound_queue() {
  queue_.configure(definition_->send_queue_bytes, definition_->slow_consumer);
  if (wire_)
    wire_->limit_queue(definition_->send_queue_bytes / 2);
}

void connection::find_service() {
  self_->request(house_->services, caf::infinite, muster::find_service{definition_->service, loop_})
      .then([this](const found_service& found) { service_ = found.service; },
            [this](const caf::error& why) {
              service_ = {};
              spdlog::warn("channel {}: its service {} cannot be called: {}", definition_->name,
                           definition_->service, detail_of(why));
            });
}

// One timer for all that a connection waits for: the first of its deadlines.
void connection::arm() {
  auto next = deadline::max();
  const auto consider = [&next](std::optional<deadline> due) {
    if (due)
      next = std::min(next, *due);
  };
  if (closing()) {
    if (!wire_)
      consider(session_due_);
    else if (ending_->answers_until && !ending_->sent)
      consider(ending_->answers_until);
  } else if (session_.state() == session::phase::open) {
    consider(session_.expires_at());
    consider(pinger_.due());
    if (opening_)
      consider(session_due_);
  } else {
    consider(session_due_);
  }
  if (invocations_)
    consider(invocations_->due());
  consider(calls_.due());
  if (feeds_ && !closing()) {
    consider(feeds_->due());
    consider(stalled_until());
  }
  if (next == deadline::max())
    alarm_.disarm();
  else if (!alarm_.armed() || alarm_.due() > next)
    loop_->deadlines().arm(alarm_, next);
}

void connection::tick() {
  const auto now = loop_->now();
  for (auto& call : calls_.expire(now))
    answer_call(std::move(call), muster::refuse(504, "Gateway timeout"));
  if (invocations_)
    if (const auto expired = invocations_->expire(now))
      bump(counters_->invocations_failed, static_cast<std::uint32_t>(expired));
  if (!closing())
    tick_feeds();
  if (counters_->queue_bytes.load(std::memory_order_relaxed) != 0)
    count_queue();
  if (closing()) {
    if (!wire_ && now >= session_due_) {
      end({});
      return;
    }
    if (ending_->answers_until && !ending_->sent
        && (calls_.empty() || now >= *ending_->answers_until))
      send_close();
  } else if (session_.state() == session::phase::open && now >= session_.expires_at()) {
    close({close_code::expired, "Session expired", "server"});
  } else if ((opening_ || session_.state() != session::phase::open) && now >= session_due_) {
    give_up_opening();
  } else {
    switch (pinger_.advance(now)) {
    case pinger::step::none:
      break;
    case pinger::step::ping:
      if (wire_)
        wire_->ping(ping_payload(random_id(), loop_->wall_now()));
      break;
    case pinger::step::give_up:
      close({close_code::pings_missed, "Pings missed", "server"});
      break;
    }
  }
  arm();
}

void connection::give_up_opening() {
  if (opening_) {
    close({close_code::over_capacity, "Try again later", "server"});
    return;
  }
  count_limit(limit_kind::new_token_timeout);
  refuse({}, "no create-session in time");
}

void connection::revise(const channel_revised& revision) {
  const auto before = std::exchange(definition_, revision.definition);
  const bool successor = channel_ != revision.channel;
  channel_ = revision.channel;
  const auto now = loop_->now();
  bound_queue();
  if (before->rate_limit != definition_->rate_limit)
    limiter_.set(definition_->rate_limit, now);
  pinger_.configure(to_duration(definition_->ping_interval), definition_->pings_missed_threshold);
  if (before->token_ttl != definition_->token_ttl)
    session_.set_ttl(to_duration(definition_->token_ttl));
  if (wire_ && !opening_ && session_.state() != session::phase::open)
    session_due_ +=
        to_duration(definition_->new_token_wait_time) - to_duration(before->new_token_wait_time);
  if (definition_->message_log.messages == 0)
    log_ = nullptr;
  else if (!log_)
    log_ = std::make_unique<message_log>(definition_->message_log);
  else
    log_->configure(definition_->message_log);
  if (wire_ && session_.state() == session::phase::open)
    wire_->limit_message(definition_->max_message_bytes);
  if (before->service != definition_->service)
    find_service();
  if (successor)
    join_channel();
  if (before->permissions != definition_->permissions)
    check_subscriptions();
  arm();
}

void connection::join_channel() {
  self_->send(channel_, adopt_connections{{{caf::actor_cast<connection_actor>(self_),
                                            client_->client_id, client_->username}}});
  if (awaited_ == awaited::channel)
    ask_channel();
}

void connection::move_to(const house_ptr& addresses) {
  const bool new_roll = addresses->registry != house_->registry;
  const bool new_services = addresses->services != house_->services;
  house_ = addresses;
  if (new_services)
    find_service();
  if (!new_roll || !wire_)
    return;
  if (awaited_ == awaited::roll)
    enter_roll_then_tell();
  else
    publish();
}

// Throwing takes down this actor alone; its client is told why, as far as the wire still works.
void connection::fail(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& what) {
    spdlog::error("connection {} failed: {}", from_->id, what.what());
  } catch (...) {
    spdlog::error("connection {} failed", from_->id);
  }
  count(counters().actor_failures);
  count_close(close_code::actor_failed);
  settle_everything();
  if (ending_)
    for (auto& asker : ending_->askers)
      asker.deliver(close_receipt{close_outcome::gone, close_code::actor_failed, 0, {}, 0});
  if (wire_)
    wire_->close(close_code::actor_failed, "Internal error", std::chrono::seconds{5});
}

} // namespace muster
