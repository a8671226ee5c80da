#pragma once

#include "messages/metrics.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace muster {

/// How much this process has done since its start, as far as it is shown by the second.
struct work_done {
  std::uint64_t messages_in = 0;
  std::uint64_t messages_out = 0;
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t connects = 0;
  std::uint64_t disconnects = 0;
  std::uint64_t publications = 0;
  std::uint64_t deliveries = 0;
  std::uint64_t invocations = 0;
  /// What did not go well: calls of clients, sessions, handshakes, publications, commits, actors.
  std::uint64_t errors = 0;
  /// Messages that slow clients lost, and slow clients that were closed.
  std::uint64_t slow_consumers = 0;
  std::uint64_t commits = 0;
  std::uint64_t commit_ns = 0;
  double cpu_seconds = 0;
  /// Of each event loop.
  std::vector<double> busy_seconds = {};
};

/// The counts of `all`; the seconds are left at 0.
work_done work_of(const server_counters& all);

/// A count that is shown by the second, and its name.
struct shown_rate {
  std::string_view name;
  std::uint64_t work_done::*count;
};
inline constexpr std::array shown_rates{shown_rate{"messages_in", &work_done::messages_in},
                                        shown_rate{"messages_out", &work_done::messages_out},
                                        shown_rate{"bytes_in", &work_done::bytes_in},
                                        shown_rate{"bytes_out", &work_done::bytes_out},
                                        shown_rate{"connects", &work_done::connects},
                                        shown_rate{"disconnects", &work_done::disconnects},
                                        shown_rate{"publications", &work_done::publications},
                                        shown_rate{"deliveries", &work_done::deliveries},
                                        shown_rate{"invocations", &work_done::invocations},
                                        shown_rate{"errors", &work_done::errors},
                                        shown_rate{"slow_consumers", &work_done::slow_consumers},
                                        shown_rate{"commits", &work_done::commits}};

/// What was done within a time, by the second.
struct activity {
  /// The seconds that it is the mean of.
  double window = 0;
  /// In the order of `shown_rates`.
  std::array<double, shown_rates.size()> rates{};
  /// How long a commit took; nothing without commits.
  std::optional<double> commit_ms = {};
  /// Processors that were busy.
  double cpu = 0;
  /// Of each event loop, 0 to 1.
  std::vector<double> loop_load = {};
};

activity activity_between(const work_done& before, const work_done& after, double window);

} // namespace muster
