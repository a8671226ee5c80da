#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

/// What the options say of the server to talk to.
struct server_options {
  std::string url = "http://127.0.0.1:8081";
  std::string token;
  std::string token_file;
  std::string authorities;
};

/// What follows the `?`; empty values are left out.
using query = std::vector<std::pair<std::string, std::string>>;

std::string to_string(const query& parts);

/// The admin endpoint of a server, from outside. Refusals become a `failure` with the sentence of
/// their problem+json.
class admin_endpoint {
public:
  explicit admin_endpoint(const server_options& options) : options_{options} {}

  /// `target` is below `/api/v1`. Null for an answer without a body.
  boost::json::value get(const std::string& target, const query& parts = {}) const;
  boost::json::value send(std::string method, const std::string& target,
                          const boost::json::value& body, double timeout_seconds = 30) const;

  /// The same with a body that goes out as it stands.
  boost::json::value send_text(std::string method, const std::string& target,
                               std::string body) const;
  /// The address of the server, as it was given.
  const std::string& url() const { return options_.url; }

private:
  std::string token() const;
  boost::json::value call(std::string method, const std::string& target, std::string body,
                          double timeout_seconds) const;

  const server_options& options_;
};

/// Parses JSON that the user gave; a `failure` (usage) says where it is wrong.
boost::json::value parse_json(const std::string& text, const std::string& what);

} // namespace muster
