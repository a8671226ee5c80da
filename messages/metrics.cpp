#include "messages/metrics.hpp"

#include <algorithm>
#include <mutex>
#include <vector>

namespace muster {

namespace {

constexpr std::array<std::string_view, limit_kinds> limit_names{"message_size",
                                                                "fragments",
                                                                "rate",
                                                                "in_flight",
                                                                "invocations",
                                                                "connections",
                                                                "connections_per_client",
                                                                "send_queue",
                                                                "handshake_timeout",
                                                                "header_size",
                                                                "new_token_timeout",
                                                                "json_depth"};

/// The place of `value` in a list, or the one behind its end.
template <class List>
std::size_t slot_of(const List& list, std::uint16_t value) {
  return static_cast<std::size_t>(std::find(list.begin(), list.end(), value) - list.begin());
}

} // namespace

std::string_view to_string(limit_kind kind) {
  return limit_names[static_cast<std::size_t>(kind)];
}

namespace {

/// The counters of all threads, and the sum of those that have ended.
struct counting_threads {
  std::mutex mutex;
  std::vector<const server_counters*> running;
  server_counters ended;

  static counting_threads& instance() {
    // Threads may end after everything that is static.
    static auto* const all = new counting_threads;
    return *all;
  }
};

void add(server_counters& to, const server_counters& from) {
  static_assert(sizeof(server_counters) % sizeof(thread_count) == 0);
  constexpr auto size = sizeof(server_counters) / sizeof(thread_count);
  auto* const sum = reinterpret_cast<thread_count*>(&to);
  const auto* const more = reinterpret_cast<const thread_count*>(&from);
  for (std::size_t i = 0; i < size; ++i)
    count(sum[i], more[i].load(std::memory_order_relaxed));
}

struct thread_counters {
  thread_counters() {
    auto& all = counting_threads::instance();
    const std::lock_guard lock{all.mutex};
    all.running.push_back(&own);
  }
  ~thread_counters() {
    auto& all = counting_threads::instance();
    const std::lock_guard lock{all.mutex};
    std::erase(all.running, &own);
    add(all.ended, own);
  }
  thread_counters(const thread_counters&) = delete;
  thread_counters& operator=(const thread_counters&) = delete;

  static constexpr std::size_t cache_line = 64;
  alignas(cache_line) server_counters own;
};

} // namespace

server_counters& counters() {
  thread_local thread_counters mine;
  return mine.own;
}

std::unique_ptr<const server_counters> all_counters() {
  auto sum = std::make_unique<server_counters>();
  auto& all = counting_threads::instance();
  const std::lock_guard lock{all.mutex};
  add(*sum, all.ended);
  for (const auto* each : all.running)
    add(*sum, *each);
  return sum;
}

void count_limit(limit_kind kind) {
  count(counters().limit_hits[static_cast<std::size_t>(kind)]);
}

void count_close(std::uint16_t code) {
  count(counters().closes[slot_of(counted_close_codes, code)]);
}

void count_refusal(std::uint16_t status) {
  count(counters().handshakes_refused[slot_of(counted_refusals, status)]);
}

void count_drop(drop_cause cause, std::uint64_t by) {
  count(counters().deliveries_dropped[static_cast<std::size_t>(cause)], by);
}

void count_invocation(invoke_outcome outcome) {
  count(counters().invocations[static_cast<std::size_t>(outcome)]);
}

void count_admin_request(std::uint16_t status) {
  const auto hundreds = std::clamp<std::size_t>(status / 100U, 1, 5);
  count(counters().admin_requests[hundreds - 1]);
}

} // namespace muster
