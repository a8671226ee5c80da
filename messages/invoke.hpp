#pragma once

#include "messages/channel.hpp"
#include "messages/connection.hpp"
#include "messages/message.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace muster {

/// Connection -> service: one request of a client.
struct service_request {
  static constexpr auto type = "service_request";
  /// Correlation id, equal to `meta.id` of the answer.
  std::string cid;
  /// The name that the service was called by.
  std::string service;
  /// The request as JSON, byte for byte as the client sent it; `null` when there was none.
  std::string payload;
  caller_ptr from;
  /// When the caller stops waiting.
  deadline until{};
};

/// Service -> connection: the answer to one request.
struct service_reply {
  static constexpr auto type = "service_reply";
  /// An HTTP status; >= 400 is an error and `error_message` goes to the client.
  std::uint16_t status = 200;
  /// JSON.
  std::string payload = "null";
  std::string error_message;
};

/// A refusal in the words that the client gets.
service_reply refuse(std::uint16_t status, std::string error_message);

/// Call a client and wait for its answer.
struct invoke {
  static constexpr auto type = "invoke";
  /// The operation that gets the answer, also when it is late.
  std::string operation;
  /// JSON.
  std::string data;
  duration timeout{};
};

enum class invoke_outcome : std::uint8_t { ok, error, timeout, late, closed, refused, cancelled };

std::string_view to_string(invoke_outcome outcome);

/// How a call of a client ended.
struct invoke_reply {
  static constexpr auto type = "invoke_reply";
  invoke_outcome outcome = invoke_outcome::closed;
  /// The client's answer as JSON; `null` where there is none.
  std::string data = "null";
  /// Why it was refused, or what went wrong.
  std::string detail;
  timestamp sent_at{};
  double ms = 0;
};

/// Connection -> operations: an answer that came after its timeout.
struct late_reply {
  static constexpr auto type = "late_reply";
  std::string operation;
  std::string connection_id;
  invoke_reply reply;
};

/// End a call before its time; its outcome is `cancelled`.
struct cancel_invoke {
  static constexpr auto type = "cancel_invoke";
  std::string operation;
};

/// Send one frame that nobody waits for. Connections without a session leave it out and say so.
struct broadcast {
  static constexpr auto type = "broadcast";
  /// JSON, already within its envelope and framed for the wire.
  std::shared_ptr<const std::string> frame;
};

/// What a connection did with a broadcast.
struct broadcast_reply {
  static constexpr auto type = "broadcast_reply";
  bool sent = false;
  std::string detail;
};

} // namespace muster
