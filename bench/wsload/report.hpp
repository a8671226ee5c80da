#pragma once

#include "bench/wsload/options.hpp"
#include "bench/wsload/process_use.hpp"
#include "bench/wsload/worker.hpp"

#include <cstdint>
#include <string>

namespace muster::bench {

/// All that a run has found out.
struct run_result {
  int ready = 0, failed = 0, dropped = 0;
  std::uint64_t published = 0;
  double connect_s = 0, seconds = 0, own_cpu_s = 0;
  process_use at_start, connected, begin, end; // of the server
  std::int64_t kernel_slab_kb = 0;             // grown while connecting
  statistics counts;
};

/// The result as one line of JSON.
std::string report(const options& settings, const run_result& result);

} // namespace muster::bench
