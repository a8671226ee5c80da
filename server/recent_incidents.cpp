#include "server/recent_incidents.hpp"

#include <algorithm>
#include <chrono>

namespace muster {

recent_incidents::recent_incidents() {
  set_level(spdlog::level::warn);
}

std::vector<incident> recent_incidents::all() {
  const std::lock_guard lock{mutex_};
  return {kept_.begin(), kept_.end()};
}

// Called with the lock held.
void recent_incidents::sink_it_(const spdlog::details::log_msg& entry) {
  const auto level = spdlog::level::to_string_view(entry.level);
  incident made{++last_number_, std::chrono::time_point_cast<timestamp::duration>(entry.time),
                std::string{level.data(), level.size()},
                std::string{entry.payload.data(), std::min(entry.payload.size(), max_text)}};
  if (entry.payload.size() > max_text)
    made.text += "...";
  if (kept_.size() == max_kept)
    kept_.pop_front();
  kept_.push_back(std::move(made));
}

} // namespace muster
