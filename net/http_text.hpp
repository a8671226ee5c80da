#pragma once

#include "messages/time.hpp"
#include "net/http.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

/// How an answer is put on the connection.
struct answer_form {
  int minor_version = 1;
  bool keep = true;
  /// In chunks that follow later, without a length.
  bool streamed = false;
  /// For HEAD: the headers only.
  bool without_body = false;
};

/// The answer as it goes over the wire: status line, headers with those that the server adds, and,
/// unless it is streamed, the body.
std::string answer_text(const http_response& response, const answer_form& form, timestamp now);

/// `Mon, 23 Nov 2026 22:30:00 GMT` (RFC 9110 section 5.6.7).
std::string http_date(timestamp time);

/// The answer to a request that no handler saw, or that its handler failed at: problem+json.
http_response problem_answer(std::uint16_t status, std::string_view detail);

/// What stands behind the number in a status line.
std::string_view status_phrase(std::uint16_t status);

} // namespace muster
