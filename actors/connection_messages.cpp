#include "actors/connection.hpp"

#include "messages/ids.hpp"
#include "messages/json_scan.hpp"
#include "messages/metrics.hpp"
#include "messages/utf8.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace muster {

namespace {

constexpr std::string_view not_authorized = "You are not authorized to access this resource";

} // namespace

void connection::receive(const wire_received& message) {
  if (closing() && (!ending_->answers_until || ending_->sent))
    return;
  bump(counters_->messages_in);
  bump(counters_->bytes_in, static_cast<std::uint64_t>(message.payload.size()));
  count(counters().messages_in);
  count(counters().bytes_in, message.payload.size());
  counters_->last_seen_us.store(microseconds_of(loop_->wall_now()), std::memory_order_relaxed);
  note(true, message.payload);
  if (!within_rate(message.payload))
    return;
  if (!message.text && !is_utf8(message.payload)) {
    if (session_.state() == session::phase::open)
      say(answer_error(random_id(), loop_->wall_now(), {}, 422, "Invalid UTF-8"));
    else
      close({close_code::invalid_utf8, "Invalid UTF-8", "server"});
    return;
  }
  client_envelope envelope;
  envelope_fault fault;
  if (parse_envelope(message.payload, envelope, fault)) {
    dispatch(envelope);
    return;
  }
  if (fault.too_deep)
    count_limit(limit_kind::json_depth);
  say(message_error(random_id(), loop_->wall_now(), fault.id, 400, {}, fault.what));
}

bool connection::within_rate(std::string_view payload) {
  const auto verdict = limiter_.count(loop_->now());
  if (verdict == rate_limiter::verdict::pass)
    return true;
  count_limit(limit_kind::rate);
  if (verdict == rate_limiter::verdict::give_up) {
    close({close_code::over_limit, "Too many messages", "server"});
    return false;
  }
  client_envelope envelope;
  envelope_fault fault;
  if (parse_envelope(payload, envelope, fault))
    fault.id = envelope.id;
  say(message_error(random_id(), loop_->wall_now(), fault.id, 429, {}, "Too many messages"));
  return false;
}

void connection::dispatch(client_envelope& message) {
  const auto judgement = session_.judge(message);
  if (judgement.what == session::verdict::mend) {
    say(message_error(random_id(), loop_->wall_now(), message.id, 400, {}, judgement.why));
    return;
  }
  if (judgement.what == session::verdict::refuse) {
    refuse(message.id, judgement.why);
    return;
  }
  session_.extend(loop_->now());
  switch (judgement.what) {
  case session::verdict::create:
  case session::verdict::renew:
    if (!closing())
      create_session(std::move(message), judgement.what == session::verdict::renew);
    break;
  case session::verdict::invoke:
    call_service(message);
    break;
  default:
    settle_call(message);
  }
}

// The three causes look alike to the client; the log knows which it was.
void connection::refuse(std::string_view id, const std::string& why) {
  spdlog::info("connection {} from {} on channel {} is not authorised: {}", from_->id,
               to_string(from_->remote), definition_->name, why);
  count(counters().sessions_refused);
  say(message_error(random_id(), loop_->wall_now(), id, 403, quoted(not_authorized),
                    not_authorized));
  close({close_code::not_authorized, "Not authorized", "server"});
}

void connection::settle_call(const client_envelope& message) {
  if (acknowledge_answer(message.in_reply_to) || !invocations_)
    return;
  auto answer = unwrap_answer(message.data);
  const bool failed = answer.failed || message.status.value_or(200) >= 400;
  call_table::late_call late;
  const auto found = invocations_->settle(message.in_reply_to, failed, std::string{answer.data},
                                          loop_->now(), late);
  if (found == call_table::found::in_time && failed)
    bump(counters_->invocations_failed);
  if (found != call_table::found::late)
    return;
  count_invocation(invoke_outcome::late);
  self_->send(house_->operations,
              late_reply{std::move(late.operation),
                         from_->id,
                         {invoke_outcome::late, std::move(late.data), {}, late.sent_at, late.ms}});
}

void connection::ponged() {
  const auto now = loop_->now();
  counters_->last_seen_us.store(microseconds_of(loop_->wall_now()), std::memory_order_relaxed);
  if (const auto trip = pinger_.pong(now))
    counters_->rtt_us.store(
        static_cast<std::int32_t>(
            std::chrono::duration_cast<std::chrono::microseconds>(*trip).count()),
        std::memory_order_relaxed);
  if (session_.state() == session::phase::open)
    session_.extend(now);
  arm();
}

caf::result<invoke_reply> connection::call_client(invoke& call) {
  const auto refused = [&](const char* why) {
    count_invocation(invoke_outcome::refused);
    return invoke_reply{invoke_outcome::refused, "null", why, loop_->wall_now(), 0};
  };
  if (closing() || !ready_)
    return refused(closing() ? "The connection is closing" : "The client has no session yet");
  if (!invocations_)
    invocations_ = std::make_unique<call_table>();
  if (invocations_->full()) {
    count_limit(limit_kind::invocations);
    return refused("Too many calls of this client are waiting for their answers");
  }
  auto id = random_id();
  const auto now = loop_->now();
  const auto sent_at = loop_->wall_now();
  bump(counters_->invocations);
  const auto request = server_request(id, sent_at, call.data);
  auto promise = self_->make_response_promise<caf::typed_response_promise<invoke_reply>>();
  invocations_->add(std::move(id), std::move(call.operation), now, sent_at, call.timeout,
                    [promise](invoke_reply reply) mutable {
                      count_invocation(reply.outcome);
                      promise.deliver(std::move(reply));
                    });
  say(request);
  arm();
  return promise;
}

broadcast_reply connection::tell_client(const broadcast& message) {
  if (closing() || !ready_)
    return {false, closing() ? "The connection is closing" : "The client has no session yet"};
  const auto dropped = queue_.dropped();
  const bool taken = say(send_queue::entry{message.frame, true, {}});
  if (queue_.dropped() != dropped || !taken)
    return {false, "The client reads too slowly"};
  return {true, {}};
}

bool connection::say(std::string_view json) {
  if (!wire_ || (ending_ && ending_->sent))
    return false;
  note(false, json);
  count_sent(json.size());
  if (queue_.empty() && wire_->send(json) != sent::full)
    return true;
  overflow({std::make_shared<const std::string>(text_frame(json)), false, {}});
  return true;
}

bool connection::say(send_queue::entry what) {
  if (!wire_ || (ending_ && ending_->sent))
    return false;
  count_sent(what.frame->size());
  if (queue_.empty() && wire_->send(what.frame) != sent::full)
    return true;
  overflow(std::move(what));
  return true;
}

// The wire has no room: the frame waits, within the channel's bound.
void connection::overflow(send_queue::entry what) {
  const auto outcome = queue_.push(std::move(what), wire_->queued_bytes());
  if (outcome == send_queue::outcome::overflow) {
    count_limit(limit_kind::send_queue);
    close({close_code::slow_consumer, "Slow consumer", "server"});
  }
  count_queue();
}

void connection::drain() {
  while (!queue_.empty() && wire_ && wire_->send(queue_.front().frame) != sent::full)
    queue_.pop();
  count_queue();
  if (queue_.empty())
    advance_feeds();
}

void connection::count_sent(std::size_t bytes) {
  bump(counters_->messages_out);
  bump(counters_->bytes_out, static_cast<std::uint64_t>(bytes));
  count(counters().messages_out);
  count(counters().bytes_out, bytes);
}

void connection::count_queue() {
  count(counters().messages_dropped,
        queue_.dropped() - counters_->dropped.load(std::memory_order_relaxed));
  counters_->dropped.store(queue_.dropped(), std::memory_order_relaxed);
  counters_->queue_messages.store(static_cast<std::uint32_t>(queue_.size()),
                                  std::memory_order_relaxed);
  counters_->queue_bytes.store(queue_.bytes() + (wire_ ? wire_->queued_bytes() : 0),
                               std::memory_order_relaxed);
}

void connection::note(bool incoming, std::string_view payload) {
  if (log_)
    log_->add(incoming, loop_->wall_now(), payload);
}

} // namespace muster
