#pragma once

#include "messages/connection.hpp"
#include "messages/time.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

enum class client_action : std::uint8_t { create_session, invoke_service, client_response };

/// A message of a client, taken apart. Views point into the text that was parsed.
struct client_envelope {
  client_action action = client_action::client_response;
  std::string id;
  bool has_timestamp = false;
  std::string token;
  std::string client_id;
  /// An object is flattened to `k1: v1; k2: v2`.
  std::string client_name;
  std::string attrs;
  std::string username;
  std::string secret;
  std::string in_reply_to;
  std::optional<int> status;
  std::vector<std::string> reply_to_sk;
  std::vector<std::string> deliver_to_sk;
  /// Raw JSON; `null` when absent.
  std::string_view data = "null";
};

/// Why a client's message cannot be used.
struct envelope_fault {
  /// The sentence for the client.
  std::string what;
  /// The message's id when it could be read, else empty.
  std::string id;
  bool too_deep = false;
};

/// Takes a client's message apart into a new `out`; false with a new `fault` when it is no JSON
/// object, too deep, has a field of a wrong type, or no `meta`. Missing ids and times are for the
/// session to judge.
bool parse_envelope(std::string_view text, client_envelope& out, envelope_fault& fault);

/// Parses `attrs`: `key=value` pairs separated by `;` or newlines, `#` comments; sorted by key.
caf::expected<labels> parse_labels(std::string_view attrs);

/// The messages of the server. Each returns the whole JSON text; `id` is 24 hex digits.
std::string session_opened(std::string_view id, timestamp now, std::string_view in_reply_to,
                           std::string_view token);
std::string answer_ok(std::string_view id, timestamp now, std::string_view in_reply_to,
                      std::string_view data);
std::string answer_error(std::string_view id, timestamp now, std::string_view in_reply_to,
                         int status, std::string_view message);
/// An error that answers no request; `in_reply_to` may be empty; `data` is JSON or empty.
std::string message_error(std::string_view id, timestamp now, std::string_view in_reply_to,
                          int status, std::string_view data, std::string_view message = {});
std::string server_request(std::string_view id, timestamp now, std::string_view data);
/// The payload of a Ping, at most 125 bytes.
std::string ping_payload(std::string_view id, timestamp now);

/// `data`, which has been checked, in the words of a client: `data.response` when `data` is an
/// object with that key, else `data`. `failed` says whether it has a non-empty `error` beside it.
struct client_answer {
  std::string_view data;
  bool failed = false;
};
client_answer unwrap_answer(std::string_view data);

/// A text frame as a server sends it (RFC 6455 section 5.2, unmasked): header and payload.
std::string text_frame(std::string_view payload);

} // namespace muster
