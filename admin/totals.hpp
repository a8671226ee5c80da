#pragma once

#include "actors/interfaces.hpp"

namespace muster {

/// How many there are of what, over all channels.
struct totals {
  std::uint64_t channels = 0;
  std::uint64_t channels_active = 0;
  std::uint64_t connections = 0;
  std::uint64_t sessions = 0;
};

totals totals_of(const channel_list& all);

} // namespace muster
