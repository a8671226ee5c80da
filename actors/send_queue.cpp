#include "actors/send_queue.hpp"

#include <algorithm>
#include <utility>

namespace muster {

send_queue::outcome send_queue::push(entry what, std::size_t in_wire) {
  const auto dropped_before = dropped_;
  if (policy_ == slow_consumer::conflate && replace_same_key(what, in_wire))
    return outcome::dropped;
  const auto more = what.frame->size();
  if (!fits(more, in_wire)) {
    if (policy_ == slow_consumer::close)
      return outcome::overflow;
    if (policy_ == slow_consumer::drop_newest && what.droppable) {
      ++dropped_;
      return outcome::dropped;
    }
    if (!make_room(more, in_wire)) {
      if (!what.droppable)
        return outcome::overflow;
      ++dropped_;
      return outcome::dropped;
    }
  }
  bytes_ += more;
  entries_.push_back(std::move(what));
  return dropped_ == dropped_before ? outcome::queued : outcome::dropped;
}

void send_queue::pop() {
  bytes_ -= entries_.front().frame->size();
  entries_.pop_front();
}

void send_queue::clear() {
  entries_.clear();
  bytes_ = 0;
}

// The old one goes in any case; the new one takes its place when that is large enough.
bool send_queue::replace_same_key(const entry& what, std::size_t in_wire) {
  if (what.key.empty())
    return false;
  const auto old = std::find_if(entries_.begin(), entries_.end(),
                                [&](const entry& each) { return each.key == what.key; });
  if (old == entries_.end())
    return false;
  ++dropped_;
  bytes_ -= old->frame->size();
  if (!fits(what.frame->size(), in_wire)) {
    entries_.erase(old);
    return false;
  }
  bytes_ += what.frame->size();
  old->frame = what.frame;
  return true;
}

bool send_queue::make_room(std::size_t more, std::size_t in_wire) {
  for (auto i = entries_.begin(); i != entries_.end() && !fits(more, in_wire);) {
    if (!i->droppable) {
      ++i;
      continue;
    }
    bytes_ -= i->frame->size();
    i = entries_.erase(i);
    ++dropped_;
  }
  return fits(more, in_wire);
}

} // namespace muster
