#pragma once

#include "messages/metrics.hpp"
#include "messages/time.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace muster {

/// What a service has done so far: counted on one thread at a time, read by anyone, each count by
/// itself.
struct service_gauges {
  thread_count calls{0};
  thread_count errors{0};
  /// Goes down again.
  std::atomic<std::uint64_t> in_flight{0};
  thread_count restarts{0};
  thread_count busy_ns{0};
};

/// One call among what a service counts, from its beginning to its answer; without one, as when the
/// caller is gone, it ends with this.
class counted_call {
public:
  counted_call(std::shared_ptr<service_gauges> gauges, deadline now)
      : gauges_{std::move(gauges)}, began_{now} {
    count(gauges_->calls);
    bump_in_flight(1);
  }
  counted_call(counted_call&&) = default;
  counted_call& operator=(counted_call other) noexcept {
    std::swap(gauges_, other.gauges_);
    std::swap(began_, other.began_);
    return *this;
  }
  ~counted_call() { leave(); }

  void end(deadline now, int status) {
    if (!gauges_)
      return;
    // A loop's time is that of the beginning of its turn.
    const auto took = std::max(std::chrono::nanoseconds{now - began_}, {});
    count(gauges_->busy_ns, static_cast<std::uint64_t>(took.count()));
    if (status >= 400)
      count(gauges_->errors);
    leave();
    gauges_ = nullptr;
  }

  /// The service will be asked again, and count it then.
  void withdraw() {
    if (gauges_)
      gauges_->calls.store(gauges_->calls.load(std::memory_order_relaxed) - 1,
                           std::memory_order_relaxed);
    leave();
    gauges_ = nullptr;
  }

private:
  void leave() {
    if (gauges_)
      bump_in_flight(-1);
  }
  void bump_in_flight(int by) {
    auto& count = gauges_->in_flight;
    count.store(count.load(std::memory_order_relaxed) + static_cast<std::uint64_t>(by),
                std::memory_order_relaxed);
  }

  std::shared_ptr<service_gauges> gauges_;
  deadline began_{};
};

/// Those that end with one answer: a service hands a call on to another.
using open_calls = std::vector<counted_call>;

} // namespace muster
