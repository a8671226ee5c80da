#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// An absolute http or https URL, taken apart.
struct http_url {
  bool secure = false;
  /// Without brackets, lower case.
  std::string host;
  std::uint16_t port = 0;
  /// Path and query, as a request line has them.
  std::string target;

  /// What the Host header says: the port only when it is not the scheme's.
  std::string authority() const;
  /// Scheme, host and port: who shares connections.
  std::string origin() const;
};

/// Nothing for other schemes, user names in the URL, and characters that no URL has.
std::optional<http_url> parse_http_url(std::string_view text);

} // namespace muster
