#pragma once

#include "messages/errc.hpp"
#include "messages/message.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace muster {

/// WebSocket close codes that Muster sends (RFC 6455 section 7.4; 4000-4999 are ours).
namespace close_code {
inline constexpr std::uint16_t normal = 1000;
inline constexpr std::uint16_t going_away = 1001;
inline constexpr std::uint16_t protocol_error = 1002;
inline constexpr std::uint16_t no_code = 1005;
inline constexpr std::uint16_t abnormal = 1006;
inline constexpr std::uint16_t invalid_payload = 1007;
inline constexpr std::uint16_t too_big = 1009;
inline constexpr std::uint16_t actor_failed = 1011;
inline constexpr std::uint16_t over_capacity = 1013;
inline constexpr std::uint16_t invalid_utf8 = 4001;
inline constexpr std::uint16_t pings_missed = 4002;
inline constexpr std::uint16_t by_administrator = 4005;
inline constexpr std::uint16_t slow_consumer = 4008;
inline constexpr std::uint16_t over_limit = 4009;
inline constexpr std::uint16_t not_authorized = 4401;
inline constexpr std::uint16_t expired = 4403;
inline constexpr std::uint16_t channel_gone = 4404;
inline constexpr std::uint16_t replaced = 4409;
} // namespace close_code

/// The longest Close reason in bytes (RFC 6455 section 5.5: 125 less the code).
inline constexpr std::size_t max_close_reason = 123;

/// Ask a connection to end with a proper Close; the answer is its receipt.
struct close_order {
  static constexpr auto type = "close_order";
  std::uint16_t code = close_code::normal;
  /// Text, or advice as JSON; at most max_close_reason bytes.
  std::string reason;
  /// Who wants it: `client`, `server`, or the name of an administrator.
  std::string by = "server";
};

/// How a Close ended.
enum class close_outcome : std::uint8_t { echoed, no_echo, reset, gone };

std::string_view to_string(close_outcome outcome);

/// What became of a Close.
struct close_receipt {
  static constexpr auto type = "close_receipt";
  close_outcome outcome = close_outcome::gone;
  /// 0 when no Close was sent.
  std::uint16_t code_sent = 0;
  /// The peer's Close code; 0 when it sent none.
  std::uint16_t peer_code = 0;
  std::string peer_reason;
  /// From the order to the end, in milliseconds.
  double ms = 0;
};

/// When and where a client that is closed should come back.
struct close_advice {
  /// Seconds, the least and the most; absent: no word about it; `never`: do not.
  std::optional<std::pair<double, double>> retry;
  bool never = false;
  std::string to;
  std::string why;
};

/// The Close reason that carries the advice: `{"retry":[1,30],"to":URL,"why":TEXT}`.
std::string to_reason(const close_advice& advice);

/// `text` cut to max_close_reason bytes between two code points.
std::string fit_reason(std::string_view text);

/// A Close order as an exit reason, and back.
caf::error to_exit_reason(const close_order& order);
std::optional<close_order> close_order_of(const caf::error& reason);

} // namespace muster
