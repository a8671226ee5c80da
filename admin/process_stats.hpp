#pragma once

#include "messages/message.hpp"

#include <cstdint>

namespace muster {

/// What the system knows of this process.
struct process_stats {
  static constexpr auto type = "process_stats";
  /// Of all threads, in user and system mode.
  double cpu_seconds = 0;
  std::uint64_t resident_bytes = 0;
  std::uint64_t virtual_bytes = 0;
  std::uint64_t open_fds = 0;
  std::uint64_t max_fds = 0;
  std::uint64_t threads = 0;
};

/// Reads it from the kernel; what cannot be read is 0.
process_stats read_process_stats();

/// `cpu_seconds` alone, for those who ask often.
double read_cpu_seconds();

} // namespace muster
