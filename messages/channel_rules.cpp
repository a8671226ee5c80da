// What the fields of a channel may be.

#include "messages/channel_edit.hpp"
#include "messages/json_field.hpp"

#include <algorithm>
#include <cmath>

namespace muster {

namespace {

constexpr std::size_t longest_text = 2048;
constexpr double longest_time = 31'536'000; // a year

bool is_printable(char c) {
  return c > ' ' && c <= '~';
}

bool is_text(std::string_view text, std::size_t longest = longest_text) {
  return !text.empty() && text.size() <= longest
         && std::all_of(text.begin(), text.end(), is_printable);
}

bool is_name(std::string_view text) {
  constexpr std::string_view marks = "._-";
  // Names of dots alone mean something else in a URL.
  return is_text(text, 128) && text.find_first_not_of('.') != std::string_view::npos
         && std::all_of(text.begin(), text.end(), [&](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                     || marks.find(c) != std::string_view::npos;
            });
}

bool is_path(std::string_view text) {
  return is_text(text, 512) && text.front() == '/'
         && text.find_first_of("?#") == std::string_view::npos;
}

bool is_duration(double value) {
  return std::isfinite(value) && value > 0 && value <= longest_time;
}

bool is_positive(double value) {
  return std::isfinite(value) && value > 0;
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

caf::error check_permissions(std::string_view text) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto length = std::min(text.find('\n'), text.size());
    const auto line = trim(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
    if (line.empty() || line.front() == '#')
      continue;
    const auto is_known = line.starts_with("pub=") || line.starts_with("sub=");
    if (!is_known || trim(line.substr(4)).empty())
      return wrong_field("permissions",
                         "must have lines of the form pub=PATTERN or sub=PATTERN: line "
                             + std::to_string(number) + " has not");
  }
  return caf::none;
}

caf::error check_texts(const channel_definition& d) {
  if (!is_name(d.name))
    return wrong_field("name", "must be 1 to 128 letters, digits, '.', '_' or '-'");
  if (!is_path(d.path))
    return wrong_field("path",
                       "must begin with '/' and have at most 512 characters, printable ASCII "
                       "without blanks, '?' and '#'");
  if (!is_text(d.listener, 128))
    return wrong_field("listener", "must be a listener's name or IP:PORT");
  if (!is_text(d.service))
    return wrong_field("service", "must be the name or the URL of a service");
  for (const auto& pattern : d.services_allowed)
    if (!is_text(pattern))
      return wrong_field("services_allowed", "must be a list of names of services, without blanks");
  for (const auto& origin : d.allowed_origins)
    if (!is_text(origin))
      return wrong_field("allowed_origins",
                         "must be a list of origins, such as https://example.com");
  return check_permissions(d.permissions);
}

caf::error check_times(const channel_definition& d) {
  const auto must = "must be a number of seconds above 0 and at most 31536000";
  if (!is_duration(d.new_token_wait_time))
    return wrong_field("new_token_wait_time", must);
  if (!is_duration(d.token_ttl))
    return wrong_field("token_ttl", must);
  if (!is_duration(d.ping_interval))
    return wrong_field("ping_interval", must);
  if (!is_duration(d.service_timeout))
    return wrong_field("service_timeout", must);
  return caf::none;
}

caf::error check_limits(const channel_definition& d) {
  if (d.pings_missed_threshold < 1)
    return wrong_field("pings_missed_threshold", "must be at least 1");
  if (d.max_in_flight < 1)
    return wrong_field("max_in_flight", "must be at least 1");
  if (d.max_message_bytes < 64 || d.max_message_bytes > (std::uint64_t{64} << 20))
    return wrong_field("max_message_bytes", "must be between 64 and 67108864");
  if (d.max_connections && *d.max_connections < 1)
    return wrong_field("max_connections", "must be null or at least 1");
  if (d.max_connections_per_client && *d.max_connections_per_client < 1)
    return wrong_field("max_connections_per_client", "must be null or at least 1");
  if (d.rate_limit && !(is_positive(d.rate_limit->rate) && is_positive(d.rate_limit->burst)))
    return wrong_field("rate_limit", "must be null or have a 'rate' and a 'burst' above 0");
  if (d.send_queue_bytes < 1024 || d.send_queue_bytes > (std::uint64_t{1} << 32))
    return wrong_field("send_queue_bytes", "must be between 1024 and 4294967296");
  if (d.message_log.messages > 100'000)
    return wrong_field("message_log.messages", "must be at most 100000");
  if (d.message_log.payload_bytes > (1U << 20))
    return wrong_field("message_log.payload_bytes", "must be at most 1048576");
  return caf::none;
}

caf::error check_credentials(const channel_definition& d) {
  using enum channel_security;
  if (d.security == jwt)
    return wrong_field("security", "cannot be 'jwt': JWT is not supported by this version");
  const auto* const list = d.security == api_key ? "keys" : "credentials";
  if (d.security == none && !d.credentials.empty())
    return wrong_field(list, "needs 'security' to be 'basic' or 'api_key'");
  std::vector<std::string_view> names;
  for (const auto& each : d.credentials) {
    if (each.username.empty() || each.username.size() > longest_text)
      return wrong_field(list, "has an entry without a name");
    names.push_back(each.username);
  }
  std::sort(names.begin(), names.end());
  if (std::adjacent_find(names.begin(), names.end()) != names.end())
    return wrong_field(list, "has the same name twice");
  return caf::none;
}

} // namespace

caf::error validate(const channel_definition& definition) {
  for (const auto check : {check_texts, check_times, check_limits, check_credentials})
    if (auto error = check(definition))
      return error;
  return caf::none;
}

} // namespace muster
