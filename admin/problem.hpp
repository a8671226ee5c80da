#pragma once

#include "messages/errc.hpp"
#include "net/http.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace muster {

/// Why a request was not done, as its sender is told (RFC 9457).
struct problem {
  errc code = errc::internal;
  std::string detail;
  /// The field or parameter at fault; may be empty.
  std::string field;
  /// Where a selector cannot be understood, 1-based.
  std::optional<std::size_t> column;
};

/// What an actor's error is for the outside.
problem problem_of(const caf::error& error);

/// A fault of one field or parameter.
problem bad_field(std::string field, std::string detail);

/// The answer: application/problem+json.
http_response to_response(const problem& what, std::string_view request_id);

} // namespace muster
