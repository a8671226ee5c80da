#include "actors/operations.hpp"
#include "actors/spawn.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <utility>

namespace muster {

namespace {

constexpr duration look_interval = std::chrono::seconds{1};

invoke_outcome parse_outcome(std::string_view text) {
  for (const auto value :
       {invoke_outcome::ok, invoke_outcome::error, invoke_outcome::timeout, invoke_outcome::late,
        invoke_outcome::refused, invoke_outcome::cancelled})
    if (text == to_string(value))
      return value;
  return invoke_outcome::closed;
}

invoke_reply to_reply(const operation_outcome& outcome) {
  return {parse_outcome(outcome.outcome), outcome.data, outcome.detail, outcome.at, outcome.ms};
}

} // namespace

bool operations::run(operation item, invocation_order order, std::optional<call_promise> caller) {
  const auto now = self_->clock().now();
  if (!book_.add(item, now))
    return false;
  order.operation = item.id;
  const auto due = caller ? now + order.timeout + invocation::grace : now + look_interval;
  if (!caller)
    ++running_many_;
  auto shared = std::make_shared<const invocation_order>(std::move(order));
  auto actor = spawn<invocation>(self_->system(), std::move(shared),
                                 caf::actor_cast<operations_actor>(self_));
  self_->monitor(actor);
  by_address_.emplace(actor.address(), item.id);
  running_.emplace(item.id, running{std::move(actor), std::move(caller), due});
  if (!std::exchange(looking_, true))
    self_->delayed_send(caf::actor_cast<handle>(self_), look_interval, look_after_invocations{});
  return true;
}

void operations::progress(const operation_progress& report) {
  const auto found = running_.find(report.operation);
  if (found == running_.end())
    return;
  book_.add_outcomes(report.operation, report.outcomes);
  if (found->second.caller && !report.outcomes.empty())
    found->second.caller->deliver(
        invoke_finished{report.operation, to_reply(report.outcomes.front())});
  if (report.finished)
    finish(report.operation);
}

void operations::finish(const std::string& id) {
  const auto found = running_.find(id);
  if (!found->second.caller)
    --running_many_;
  const auto address = found->second.actor.address();
  self_->demonitor(address);
  by_address_.erase(address);
  running_.erase(found);
  book_.finish(id, std::chrono::system_clock::now(), self_->clock().now());
}

// An invocation ends without a last word only when it fails.
void operations::failed(const caf::down_msg& down) {
  const auto known = by_address_.find(down.source);
  if (known == by_address_.end())
    return;
  const auto id = known->second;
  const auto found = running_.find(id);
  if (found->second.caller && found->second.caller->pending())
    found->second.caller->deliver(make_error(errc::internal, "the call failed"));
  finish(id);
}

void operations::look_after() {
  const auto now = self_->clock().now();
  for (auto& [id, each] : running_) {
    if (each.due > now)
      continue;
    each.due = now + look_interval;
    self_->send(each.actor, invocation_tick{});
  }
  looking_ = !running_.empty();
  if (looking_)
    self_->delayed_send(caf::actor_cast<handle>(self_), look_interval, look_after_invocations{});
}

void operations::stop(const caf::error& reason) {
  for (auto& [id, each] : running_) {
    if (each.caller && each.caller->pending())
      each.caller->deliver(make_error(errc::draining, "the server is stopping"));
    self_->send_exit(each.actor, caf::exit_reason::user_shutdown);
  }
  self_->quit(reason);
}

} // namespace muster
