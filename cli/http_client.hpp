#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// An `http://` or `https://` address taken apart.
struct server_url {
  bool secure = false;
  std::string host;
  std::string port;
  /// Without a slash at its end.
  std::string path;
};

std::optional<server_url> parse_url(std::string_view text);

struct http_answer {
  unsigned status = 0;
  std::string body;
};

/// One request over a connection of its own; blocks.
struct http_call {
  server_url to;
  std::string method;
  /// Below the path of the server's address, query and all.
  std::string target;
  std::string token;
  /// JSON; empty: none.
  std::string body;
  /// PEM file with the authorities to trust; empty: the system's.
  std::string authorities;
  double timeout_seconds = 30;
};

/// Throws `failure` (unreachable) when there is no answer.
http_answer perform(const http_call& call);

} // namespace muster
