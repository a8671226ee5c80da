#pragma once

#include "messages/time.hpp"

#include <cstddef>
#include <deque>

namespace muster {

/// How often something may be started anew: five times in five seconds.
class restart_limit {
public:
  static constexpr std::size_t most = 5;
  static constexpr duration window = std::chrono::seconds{5};

  /// Counts a restart; false when it is one too many.
  bool allow(deadline now) {
    while (!recent_.empty() && now - recent_.front() >= window)
      recent_.pop_front();
    if (recent_.size() >= most)
      return false;
    recent_.push_back(now);
    return true;
  }

private:
  std::deque<deadline> recent_;
};

} // namespace muster
