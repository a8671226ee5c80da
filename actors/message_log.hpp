#pragma once

#include "actors/interfaces.hpp"

#include <deque>

namespace muster {

/// The last messages of one connection, each way, for an operator to read: payloads are redacted
/// and cut to the channel's limits before they are kept.
class message_log {
public:
  explicit message_log(message_log_limits limits) : limits_{std::move(limits)} {}

  void add(bool incoming, timestamp at, std::string_view payload);
  void configure(message_log_limits limits);

  /// Both directions, oldest first.
  std::vector<logged_message> entries() const;

private:
  message_log_limits limits_;
  std::deque<logged_message> in_;
  std::deque<logged_message> out_;
};

/// `json` with the values of all members named in `names` replaced by `"***"`. Text that is no JSON
/// comes back as it is.
std::string redact(std::string_view json, const std::vector<std::string>& names);

} // namespace muster
