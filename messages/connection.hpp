#pragma once

#include "messages/channel.hpp"
#include "messages/close_code.hpp"
#include "messages/message.hpp"
#include "messages/time.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster {

/// Labels of a client (`attrs`), sorted by key.
using labels = std::vector<std::pair<std::string, std::string>>;

/// An IP address and a port, printed as `ip:port` or `[ip]:port`.
struct endpoint {
  std::string ip;
  std::uint16_t port = 0;
  bool operator==(const endpoint&) const = default;
};

std::string to_string(const endpoint& address);

/// What is known of a connection before its first message: from the socket and the handshake.
struct arrival {
  static constexpr auto type = "arrival";
  std::string id;
  std::string channel;
  endpoint remote;
  endpoint local;
  /// What a trusted proxy claims of the client; empty when none did.
  std::string forwarded_for;
  std::string user_agent;
  /// TLS version and cipher, empty on a plain listener.
  std::string tls;
  timestamp connected_at{};
};

enum class connection_state : std::uint8_t { fresh, ready, closing };
enum class dns_state : std::uint8_t { pending, ok, none, timeout };

std::string_view to_string(connection_state state); // "new", "ready", "closing"
std::string_view to_string(dns_state state);

/// Counters of one connection: written by its loop alone, read by anyone, each by itself.
struct connection_counters {
  std::atomic<std::uint64_t> messages_in{0};
  std::atomic<std::uint64_t> messages_out{0};
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
  std::atomic<std::uint64_t> queue_bytes{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint32_t> queue_messages{0};
  std::atomic<std::uint32_t> invocations{0};
  std::atomic<std::uint32_t> invocations_failed{0};
  std::atomic<std::uint32_t> subscriptions{0};
  /// Round trip of the last Ping in microseconds; -1 before the first.
  std::atomic<std::int32_t> rtt_us{-1};
  /// Microseconds since the epoch.
  std::atomic<std::int64_t> last_seen_us{0};
};

/// Adds to a counter that has one writer: no locked instruction.
template <class T>
void bump(std::atomic<T>& counter, T by = 1) {
  counter.store(static_cast<T>(counter.load(std::memory_order_relaxed) + by),
                std::memory_order_relaxed);
}

/// Who a session is with, by its create-session: the client on whose behalf a service works. Never
/// changes, and all that know of the client share it.
struct caller {
  std::shared_ptr<const arrival> from;
  std::string client_id;
  std::string client_name;
  std::string username;
  labels tags;
  /// As it was defined when it was looked at last.
  channel_ptr channel;
  timestamp session_at{};
};

using caller_ptr = std::shared_ptr<const caller>;

/// Before there is a session: no client id, the epoch.
inline const caller_ptr no_caller = std::make_shared<const caller>();

/// One line of the roll: immutable once published, replaced as a whole.
struct connection_row {
  std::shared_ptr<const arrival> from;
  caller_ptr who = no_caller;
  connection_state state = connection_state::fresh;
  std::string remote_fqdn;
  dns_state fqdn_state = dns_state::pending;
  std::shared_ptr<const connection_counters> counters;
};

using row_ptr = std::shared_ptr<const connection_row>;

} // namespace muster
