#pragma once

#include "messages/pubsub.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>
#include <vector>

namespace muster {

/// Who has published to a topic lately, and how much: bounded, those who were silent the longest go
/// first.
class recent_publishers {
public:
  static constexpr std::size_t max_publishers = 100;

  void note(const std::string& name, const std::string& channel, timestamp now);
  /// The last one first.
  std::vector<publisher_info> list() const;

  /// Publications within the last ten whole seconds.
  std::uint64_t lately() const;
  /// A second is over.
  void next_second();

private:
  using publishers = std::list<publisher_info>;
  publishers order_;
  std::unordered_map<std::string, publishers::iterator> by_name_;
  std::array<std::uint64_t, 11> seconds_{};
  std::size_t second_ = 0;
};

} // namespace muster
