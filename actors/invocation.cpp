#include "actors/invocation.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

/// However long the pace waited for the window, it does not catch up on more than this.
constexpr duration catch_up = std::chrono::milliseconds{100};
constexpr duration shortest_wait = std::chrono::milliseconds{10};
constexpr seconds longest_step = std::chrono::hours{1};

duration step_of(double pace) {
  return std::chrono::duration_cast<duration>(std::min(seconds{1 / pace}, longest_step));
}

/// What is said of a connection that went away without a word.
std::string_view outcome_of_lost(operation_verb verb) {
  switch (verb) {
  case operation_verb::invoke:
    return to_string(invoke_outcome::closed);
  case operation_verb::close:
    return to_string(close_outcome::gone);
  case operation_verb::broadcast:
    break;
  }
  return "refused";
}

} // namespace

invocation::handle::behavior_type invocation::start(std::shared_ptr<const invocation_order> order,
                                                    operations_actor report_to) {
  order_ = std::move(order);
  report_to_ = std::move(report_to);
  name = "invocation " + order_->operation;
  for (const auto& target : order_->targets)
    connections_.push_back(target.connection);
  self_->set_down_handler([this](const caf::down_msg& down) {
    if (down.source == report_to_.address())
      self_->quit(down.reason); // nobody is left to tell
    else if (const auto found = by_address_.find(down.source); found != by_address_.end())
      lost(found->second, "the connection went away");
  });
  self_->monitor(report_to_);
  next_at_ = self_->clock().now();
  go_on();
  return {
      [this](const cancel_operation&) { cancel(); },
      [this](const invocation_tick& tick) {
        ticked(tick.due);
        go_on();
      },
  };
}

void invocation::ticked(invocation_tick::what due) {
  switch (due) {
  case invocation_tick::what::deadlines:
    expire();
    break;
  case invocation_tick::what::report:
    waking_to_report_ = false;
    report(false);
    break;
  case invocation_tick::what::pace:
    waking_for_pace_ = false;
    break;
  }
}

void invocation::go_on() {
  while (!cancelled_ && next_ < connections_.size() && in_flight_.size() < window && paced())
    launch(next_++);
  if (next_ < connections_.size() || !in_flight_.empty() || std::exchange(finished_, true))
    return;
  report(true);
  self_->quit();
}

bool invocation::paced() {
  if (!order_->pace)
    return true;
  const auto now = self_->clock().now();
  if (now < next_at_) {
    if (!std::exchange(waking_for_pace_, true))
      wake(invocation_tick::what::pace, std::max(next_at_ - now, shortest_wait));
    return false;
  }
  next_at_ = std::max(next_at_, now - catch_up) + step_of(*order_->pace);
  return true;
}

void invocation::launch(std::size_t which) {
  const auto patience =
      order_->verb == operation_verb::invoke ? order_->timeout + grace : longest_close;
  in_flight_.emplace(which, self_->clock().now() + patience);
  by_address_.emplace(connections_[which].address(), which);
  self_->monitor(connections_[which]);
  switch (order_->verb) {
  case operation_verb::invoke:
    ask<invoke_reply>(which, invoke{order_->operation, order_->data, order_->timeout});
    break;
  case operation_verb::close:
    ask<close_receipt>(which, order_->order);
    break;
  case operation_verb::broadcast:
    ask<broadcast_reply>(which, broadcast{order_->frame});
    break;
  }
}

template <class Reply, class Request>
void invocation::ask(std::size_t which, Request request) {
  self_->request(connections_[which], caf::infinite, std::move(request))
      .then([this, which](const Reply& reply) { answered(which, reply); },
            [this, which](const caf::error&) { lost(which, "the connection went away"); });
}

void invocation::answered(std::size_t which, const invoke_reply& reply) {
  settle(which, {{},
                 std::string{to_string(reply.outcome)},
                 reply.data,
                 reply.detail,
                 reply.ms,
                 reply.sent_at});
}

void invocation::answered(std::size_t which, const close_receipt& receipt) {
  settle(which, {{},
                 std::string{to_string(receipt.outcome)},
                 {},
                 receipt.peer_reason,
                 receipt.ms,
                 std::chrono::system_clock::now()});
}

void invocation::answered(std::size_t which, const broadcast_reply& reply) {
  settle(
      which,
      {{}, reply.sent ? "sent" : "refused", {}, reply.detail, 0, std::chrono::system_clock::now()});
}

void invocation::lost(std::size_t which, const char* detail) {
  settle(which, {{},
                 std::string{outcome_of_lost(order_->verb)},
                 "null",
                 detail,
                 0,
                 std::chrono::system_clock::now()});
}

void invocation::settle(std::size_t which, operation_outcome outcome) {
  // An answer may come after the DOWN, or after it was not waited for any more.
  if (in_flight_.erase(which) == 0)
    return;
  by_address_.erase(connections_[which].address());
  self_->demonitor(connections_[which].address());
  connections_[which] = nullptr;
  outcome.connection_id = order_->targets[which].row->from->id;
  batch_.push_back(std::move(outcome));
  go_on();
  if (batch_.size() >= max_batch)
    report(false);
  else if (!finished_ && !std::exchange(waking_to_report_, true))
    wake(invocation_tick::what::report, report_interval);
}

void invocation::cancel() {
  if (std::exchange(cancelled_, true))
    return;
  if (order_->verb == operation_verb::invoke)
    for (const auto& [which, due] : in_flight_)
      self_->send(connections_[which], cancel_invoke{order_->operation});
  for (; next_ < connections_.size(); ++next_) {
    batch_.push_back({order_->targets[next_].row->from->id,
                      std::string{to_string(invoke_outcome::cancelled)},
                      {},
                      {},
                      0,
                      std::chrono::system_clock::now()});
    if (batch_.size() >= max_batch)
      report(false);
  }
  report(false);
  go_on();
}

void invocation::expire() {
  const auto now = self_->clock().now();
  while (!in_flight_.empty() && in_flight_.begin()->second <= now)
    lost(in_flight_.begin()->first, "the connection did not answer");
}

void invocation::report(bool finished) {
  if (!batch_.empty() || finished)
    self_->send(report_to_,
                operation_progress{order_->operation, std::exchange(batch_, {}), finished});
}

void invocation::wake(invocation_tick::what due, duration after) {
  self_->delayed_send(caf::actor_cast<handle>(self_), after, invocation_tick{due});
}

} // namespace muster
