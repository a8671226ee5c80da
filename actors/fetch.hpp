#pragma once

#include <cstddef>

namespace muster {

/// Has the processor fetch so many cache lines, since they are needed in a moment.
inline void fetch_lines(const void* from, std::ptrdiff_t count) {
  constexpr std::ptrdiff_t cache_line = 64;
  for (std::ptrdiff_t i = 0; i < count; ++i)
    __builtin_prefetch(static_cast<const char*>(from) + i * cache_line);
}

} // namespace muster
