#pragma once

#include <cstdint>
#include <ctime>

namespace muster::bench {

/// The monotonic clock in nanoseconds.
inline std::int64_t now_ns() {
  timespec time;
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

inline double seconds_since(std::int64_t then) {
  return static_cast<double>(now_ns() - then) / 1e9;
}

} // namespace muster::bench
