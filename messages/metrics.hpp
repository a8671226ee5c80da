#pragma once

#include "messages/invoke.hpp"
#include "messages/subscription.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace muster {

/// The limits that a client can hit.
enum class limit_kind : std::uint8_t {
  message_size,
  fragments,
  rate,
  /// Requests of a client at a time.
  in_flight,
  /// Calls of a client at a time.
  invocations,
  connections,
  connections_per_client,
  send_queue,
  handshake_timeout,
  header_size,
  /// No session within new_token_wait_time.
  new_token_timeout,
  json_depth
};
inline constexpr std::size_t limit_kinds = 12;

std::string_view to_string(limit_kind kind);

/// A count that only grows, from any thread.
using event_count = std::atomic<std::uint64_t>;
/// One that only one thread counts in, and any thread reads: a fifth of the cost.
struct thread_count : event_count {
  using event_count::event_count;
  using event_count::operator=;
};

/// The Close codes that are counted each by itself; all others are counted together, last.
inline constexpr std::array<std::uint16_t, 20> counted_close_codes{
    1000, 1001, 1002, 1003, 1005, 1006, 1007, 1009, 1011, 1013,
    4000, 4001, 4002, 4005, 4008, 4009, 4401, 4403, 4404, 4409};
/// The answers to handshakes that are counted each by itself; all others together, last.
inline constexpr std::array<std::uint16_t, 6> counted_refusals{400, 403, 404, 431, 500, 503};

/// What the process counts, for `/metrics`. Relaxed: each count by itself is right. Nothing but
/// counts.
struct server_counters {
  thread_count sockets_accepted{0};
  /// Handshakes that were completed.
  event_count connections_accepted{0};
  std::array<event_count, counted_refusals.size() + 1> handshakes_refused{};
  event_count sessions_opened{0};
  event_count sessions_refused{0};
  event_count messages_in{0};
  event_count messages_out{0};
  event_count bytes_in{0};
  event_count bytes_out{0};
  event_count messages_dropped{0};
  /// Connections that ended, by the code of their Close, 1006 without one.
  std::array<event_count, counted_close_codes.size() + 1> closes{};
  std::array<event_count, limit_kinds> limit_hits{};
  std::array<event_count, 7> invocations{};
  /// Messages that topics took, and those that they refused.
  event_count publications{0};
  event_count publications_refused{0};
  /// Messages handed to subscribers; those of them that were not the first time.
  event_count deliveries{0};
  event_count redeliveries{0};
  event_count acknowledgements{0};
  std::array<event_count, drop_causes> deliveries_dropped{};
  /// Transactions of the database, those that failed, and the time that they took.
  event_count store_commits{0};
  event_count store_failures{0};
  event_count store_commit_ns{0};
  event_count damaged_records{0};
  /// Actors that ended by a fault, and those of them that were started again.
  event_count actor_failures{0};
  event_count actor_restarts{0};
  /// Requests of the admin endpoint by the hundreds of their status, 1 to 5.
  std::array<event_count, 5> admin_requests{};
};

/// Those that this thread counts in: no two threads share a cache line of them.
server_counters& counters();
/// Of all threads together, those that have ended as well.
std::unique_ptr<const server_counters> all_counters();

inline void count(event_count& what, std::uint64_t by = 1) {
  what.fetch_add(by, std::memory_order_relaxed);
}
inline void count(thread_count& what, std::uint64_t by = 1) {
  what.store(what.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
}
void count_limit(limit_kind kind);
void count_close(std::uint16_t code);
void count_refusal(std::uint16_t status);
void count_drop(drop_cause cause, std::uint64_t by = 1);
void count_invocation(invoke_outcome outcome);
void count_admin_request(std::uint16_t status);

} // namespace muster
