#include "actors/recent_publishers.hpp"

#include <numeric>

namespace muster {

void recent_publishers::note(const std::string& name, const std::string& channel, timestamp now) {
  ++seconds_[second_];
  // The one who published last is the most likely one.
  if (!order_.empty() && order_.front().name == name && order_.front().channel == channel) {
    ++order_.front().messages;
    order_.front().last_at = now;
    return;
  }
  const auto key = channel + '\n' + name;
  const auto known = by_name_.find(key);
  if (known != by_name_.end()) {
    order_.splice(order_.begin(), order_, known->second);
  } else {
    if (order_.size() >= max_publishers) {
      by_name_.erase(order_.back().channel + '\n' + order_.back().name);
      order_.pop_back();
    }
    order_.push_front({name, channel, 0, {}});
    by_name_[key] = order_.begin();
  }
  ++order_.front().messages;
  order_.front().last_at = now;
}

std::vector<publisher_info> recent_publishers::list() const {
  return {order_.begin(), order_.end()};
}

std::uint64_t recent_publishers::lately() const {
  return std::accumulate(seconds_.begin(), seconds_.end(), std::uint64_t{0}) - seconds_[second_];
}

void recent_publishers::next_second() {
  second_ = (second_ + 1) % seconds_.size();
  seconds_[second_] = 0;
}

} // namespace muster
