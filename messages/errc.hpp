#pragma once

#include <caf/error.hpp>
#include <caf/message.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

/// Every failure that a caller may act on. Numbers are stable and never reused.
enum class errc : std::uint8_t {
  /// The request is malformed; the detail says where.
  bad_request = 1,
  /// No or wrong credentials.
  unauthorized = 2,
  /// Known, but not allowed.
  forbidden = 3,
  not_found = 4,
  /// It contradicts what is there.
  conflict = 5,
  /// If-Match names another version.
  precondition_failed = 6,
  too_large = 7,
  too_many_requests = 8,
  method_not_allowed = 9,
  unsupported_media_type = 10,
  /// Content that can be parsed but not processed, such as text that is not UTF-8.
  unprocessable = 11,
  /// More connections match than the request allows.
  too_many_matches = 12,
  /// The cursor's listing is no longer kept.
  cursor_expired = 13,
  /// A fault of ours; the log knows more.
  internal = 20,
  /// The service behind us failed.
  bad_gateway = 21,
  /// Cannot be done now; try again.
  unavailable = 22,
  /// No answer within the deadline.
  timed_out = 23,
  /// The connection went away meanwhile.
  connection_closed = 24,
  /// The connection has no session (yet).
  no_session = 25,
  cancelled = 26,
  /// The channel is not active.
  channel_inactive = 27,
  /// The server is draining.
  draining = 28,
  /// An exit reason: end the connection with the Close order in the error's context.
  close = 40,
};

/// What the outside is told about an errc.
struct errc_info {
  errc code;
  /// Stable name, `code` in problem+json.
  std::string_view name;
  /// HTTP status, also the `status` of answers to clients.
  std::uint16_t status;
  std::string_view title;
};

/// The one table of errors.
const errc_info& describe(errc code);

/// The stable name.
std::string to_string(errc code);

/// How CAF prints our errors: for `add_error_category(caf::atom("muster"), render_error)`.
std::string render_error(std::uint8_t code, caf::atom_value category, const caf::message& context);

/// An error with a sentence for the one who caused it.
caf::error make_error(errc code, std::string detail);
/// The same, for what one field of a request is to blame for.
caf::error make_error(errc code, std::string detail, std::string field);
inline caf::error make_error(errc code) {
  return {static_cast<std::uint8_t>(code), caf::atom("muster")};
}

/// The errc of any error: CAF's own become `timed_out`, `connection_closed` or `internal`.
errc code_of(const caf::error& error);

/// The sentence of an error, or the errc's title.
std::string detail_of(const caf::error& error);

/// The field that is to blame; empty: none.
std::string field_of(const caf::error& error);

} // namespace muster
