#include "actors/wheel.hpp"

#include <algorithm>

namespace muster {

// Each slot is a ring through a head. A deadline stands in the slot of its tick, modulo the number
// of slots; those of later rounds are passed over.

void wheel::timer::disarm() {
  if (next_ == nullptr)
    return;
  unlink(*this);
  if (wheel_ != nullptr)
    --wheel_->armed_;
  wheel_ = nullptr;
}

wheel::wheel(deadline now) : origin_{now} {
  for (auto& slot : slots_)
    link(slot, slot);
}

wheel::~wheel() {
  for (auto& slot : slots_)
    while (!idle(slot))
      slot.next_->disarm();
}

void wheel::link(timer& list, timer& which) {
  if (&list == &which) {
    list.next_ = list.previous_ = &list;
    return;
  }
  which.previous_ = list.previous_;
  which.next_ = &list;
  list.previous_->next_ = &which;
  list.previous_ = &which;
}

void wheel::unlink(timer& which) {
  which.previous_->next_ = which.next_;
  which.next_->previous_ = which.previous_;
  which.next_ = which.previous_ = nullptr;
}

std::int64_t wheel::tick_of(deadline due) const {
  const auto since = due - origin_;
  // Rounded up, so that nothing fires early; without an overflow at the end of time.
  return since <= duration::zero() ? 0 : since / tick + (since % tick == duration::zero() ? 0 : 1);
}

void wheel::arm(timer& which, deadline due) {
  which.disarm();
  const auto at = std::max(tick_of(due), position_);
  which.due_ = due;
  which.wheel_ = this;
  link(slots_[static_cast<std::size_t>(at) % slots], which);
  const auto fires = at == position_ ? origin_ + at * tick : due;
  next_ = armed_++ == 0 ? fires : std::min(next_, fires);
}

void wheel::advance(deadline now) {
  if (now < origin_)
    return;
  const std::int64_t last = (now - origin_) / tick;
  if (last < position_)
    return;
  const auto count = std::min<std::int64_t>(last - position_ + 1, slots);
  head due;
  link(due, due);
  for (auto at = last - count + 1; at <= last; ++at) {
    auto& slot = slots_[static_cast<std::size_t>(at) % slots];
    for (auto* one = slot.next_; one != &slot;) {
      auto* const which = one;
      one = one->next_;
      if (which->due_ <= now) {
        unlink(*which);
        link(due, *which);
      }
    }
  }
  position_ = last + 1;
  fire(due);
  find_next();
}

void wheel::fire(timer& list) {
  while (!idle(list)) {
    auto& which = *list.next_;
    which.disarm();
    which.on_deadline();
  }
}

void wheel::find_next() {
  next_ = deadline::max();
  if (armed_ == 0)
    return;
  for (std::int64_t at = position_; at < position_ + static_cast<std::int64_t>(slots); ++at)
    if (!idle(slots_[static_cast<std::size_t>(at) % slots])) {
      next_ = origin_ + at * tick;
      return;
    }
}

} // namespace muster
