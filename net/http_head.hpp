#pragma once

#include "net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// The most bytes that the head of a request may have.
inline constexpr std::size_t max_http_head = 16384;

/// The head of a request (RFC 9112), checked strictly: whatever two readers could take for two
/// different things is refused.
struct http_head {
  std::string method;
  /// As it stands, percent-encoded; `*` only for OPTIONS.
  std::string path;
  /// Behind the `?`, as it stands.
  std::string query;
  /// 0 or 1: HTTP/1.0 or HTTP/1.1.
  int minor_version = 1;
  /// Names in lower case, values without blanks around them.
  http_headers headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;

  /// The first header of that name (in lower case); empty when there is none.
  std::string_view header(std::string_view name) const;
  std::size_t count(std::string_view name) const;
  /// Whether a comma-separated header of that name has `token`, in any case of letters.
  bool has_token(std::string_view name, std::string_view token) const;
  /// Whether the connection stays open after the answer.
  bool keeps_alive() const;
};

/// What the beginning of a connection's bytes was found to be.
struct head_result {
  enum class outcome : std::uint8_t {
    /// Not whole yet: call again with more, `scanned` as it is here.
    need_more,
    done,
    /// Answer with `status` and close.
    bad
  };
  outcome state = outcome::need_more;
  http_head head;
  /// How many bytes the head has; the body begins behind them.
  std::size_t consumed = 0;
  std::size_t scanned = 0;
  std::uint16_t status = 0;
  /// Why it is bad; static text.
  std::string_view reason;
};

/// Reads a head from the beginning of `bytes`; the first `scanned` bytes were seen by a call
/// before.
head_result parse_http_head(std::string_view bytes, std::size_t scanned = 0);

/// `a` and `b` but for the case of ASCII letters.
bool same_letters(std::string_view a, std::string_view b);

/// Whether `text` can be the name of a header, or a method.
bool is_header_name(std::string_view text);

} // namespace muster
