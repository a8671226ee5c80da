#pragma once

#include "messages/time.hpp"

#include <algorithm>
#include <cstddef>

namespace muster {

/// Decides when it is worth the while to give memory back to the system: when many actors have gone
/// since there were most of them, and no more go.
class spare_memory {
public:
  /// How often to look.
  static constexpr duration interval = std::chrono::seconds{5};
  /// So many have left memory behind that is worth it.
  static constexpr std::size_t many = 1000;
  /// As long as so many go from one look to the next, the rest is waited for.
  static constexpr std::size_t few = 100;

  /// Takes the number of actors that there are; true: give it back now.
  bool look(std::size_t actors) {
    const bool still_going = actors + few < last_;
    last_ = actors;
    most_ = std::max(most_, actors);
    if (still_going || most_ - actors < many)
      return false;
    most_ = actors;
    return true;
  }

private:
  std::size_t last_ = 0;
  std::size_t most_ = 0;
};

} // namespace muster
