#include "messages/metrics.hpp"

#include <algorithm>

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

server_counters& counters() {
  static server_counters all;
  return all;
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
