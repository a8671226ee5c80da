#pragma once

#include <cstdint>
#include <vector>

namespace muster::bench {

/// What some processes have used so far, all their threads together.
struct process_use {
  double cpu_s = 0;
  std::int64_t rss_kb = 0;
};

process_use measure_use(const std::vector<int>& pids);

/// CPU time of this process, in seconds.
double own_cpu_s();

/// The kernel's memory for sockets and the like, of the whole machine.
std::int64_t kernel_slab_kb();

} // namespace muster::bench
