#include "admin/idempotency.hpp"

#include <caf/actor_clock.hpp>

#include <algorithm>

namespace muster {

key_claimed idempotency_keys::claim_now(const claim_key& request, deadline now) {
  forget_old(now);
  if (const auto known = index_.find(request.key); known != index_.end()) {
    const auto& found = *known->second;
    if (found.digest != request.digest)
      return {claim::other_request, nullptr};
    if (!found.answer)
      return {claim::in_progress, nullptr};
    return {claim::repeated, found.answer};
  }
  if (!make_room())
    return {claim::full, nullptr};
  order_.push_back({request.key, request.digest, now, nullptr});
  index_.emplace(request.key, std::prev(order_.end()));
  return {claim::fresh, nullptr};
}

void idempotency_keys::settle(const settle_key& result) {
  const auto known = index_.find(result.key);
  if (known == index_.end())
    return;
  if (!result.answer) {
    forget(known->second);
    return;
  }
  known->second->answer = result.answer;
  bytes_ += result.answer->body.size();
  while (bytes_ > max_bytes && make_room()) {
  }
}

void idempotency_keys::forget(entries::iterator which) {
  if (which->answer)
    bytes_ -= which->answer->body.size();
  index_.erase(which->key);
  order_.erase(which);
}

void idempotency_keys::forget_old(deadline now) {
  while (!order_.empty() && now - order_.front().made >= lifetime)
    forget(order_.begin());
}

/// Below both bounds, or without the oldest answer; false when none can go.
bool idempotency_keys::make_room() {
  if (index_.size() < max_keys && bytes_ <= max_bytes)
    return true;
  const auto oldest = std::find_if(order_.begin(), order_.end(),
                                   [](const entry& each) { return each.answer != nullptr; });
  if (oldest == order_.end())
    return false;
  forget(oldest);
  return true;
}

idempotency_actor::behavior_type idempotency::start() {
  return {
      [this](const claim_key& request) { return keys_.claim_now(request, self_->clock().now()); },
      [this](const settle_key& result) { keys_.settle(result); },
  };
}

} // namespace muster
