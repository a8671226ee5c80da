// What an HTTP service is called by and with, and what its answers mean.

#include "actors/http_service.hpp"
#include "messages/errc.hpp"
#include "messages/json_scan.hpp"

#include <algorithm>
#include <charconv>

namespace muster {

namespace {

constexpr std::size_t max_url = 2048;
constexpr std::size_t max_message = 512;

bool starts_like(std::string_view text, std::string_view lower_case) {
  return text.size() >= lower_case.size()
         && std::equal(lower_case.begin(), lower_case.end(), text.begin(), [](char a, char b) {
              return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b + ('a' - 'A')) : b);
            });
}

std::string_view trimmed(std::string_view text) {
  constexpr auto blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_port(std::string_view text) {
  unsigned port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  return error == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

// HOST, HOST:PORT, [IPv6] or [IPv6]:PORT.
bool is_authority(std::string_view text) {
  if (text.find('@') != std::string_view::npos)
    return false;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos || end < 3)
      return false;
    const auto rest = text.substr(end + 1);
    return rest.empty() || (rest.starts_with(':') && is_port(rest.substr(1)));
  }
  const auto colon = text.find(':');
  const auto host = text.substr(0, colon);
  return !host.empty() && (colon == std::string_view::npos || is_port(text.substr(colon + 1)));
}

std::string_view reason_phrase(std::uint16_t status) {
  switch (status) {
  case 400:
    return "Bad request";
  case 401:
    return "Unauthorized";
  case 402:
    return "Payment required";
  case 403:
    return "Forbidden";
  case 404:
    return "Not found";
  case 405:
    return "Method not allowed";
  case 409:
    return "Conflict";
  case 410:
    return "Gone";
  case 413:
    return "Content too large";
  case 422:
    return "Unprocessable content";
  case 429:
    return "Too many requests";
  default:
    return "The service refused the request";
  }
}

void cut(std::string& text) {
  if (text.size() <= max_message)
    return;
  auto end = max_message;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80)
    --end;
  text.resize(end);
}

// The service's own words, where it has some.
std::string refusal_text(const outgoing_response& response) {
  std::string text;
  if (!check_json(response.body))
    for (const auto* key : {"error", "detail", "message"})
      if (json_string(find_member(response.body, key), text) && !text.empty()) {
        cut(text);
        return text;
      }
  return std::string{reason_phrase(response.status)};
}

} // namespace

bool is_url(std::string_view service) {
  return starts_like(service, "http://") || starts_like(service, "https://");
}

caf::error check_url(std::string_view url) {
  const auto bad = [](const char* why) { return make_error(errc::bad_request, why); };
  if (!is_url(url))
    return bad("The URL of a service starts with http:// or https://");
  if (url.size() > max_url)
    return bad("The URL of a service has at most 2048 characters");
  const auto is_odd = [](char c) { return c <= ' ' || c >= 0x7F || c == '#' || c == '\\'; };
  if (std::any_of(url.begin(), url.end(), is_odd))
    return bad("The URL of a service has no blanks, no fragment and only ASCII characters");
  const auto rest = url.substr(url.find("://") + 3);
  if (!is_authority(rest.substr(0, rest.find_first_of("/?"))))
    return bad("The URL of a service needs a host, a valid port if any, and no user name");
  return {};
}

std::string header_value(std::string_view text) {
  constexpr auto digits = "0123456789ABCDEF";
  std::string value;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      continue;
    if (byte < 0x80 && c != '%') {
      value += c;
      continue;
    }
    value += '%';
    value += digits[byte >> 4U];
    value += digits[byte & 0xFU];
  }
  return value;
}

service_reply reply_for(const outgoing_response& response) {
  const auto body = trimmed(response.body);
  if (response.status >= 200 && response.status < 300) {
    if (body.empty())
      return {};
    if (check_json(body))
      return refuse(502, "The service gave an answer that is not JSON");
    return {200, std::string{body}, {}};
  }
  if (response.status >= 400 && response.status < 500)
    return refuse(response.status, refusal_text(response));
  return refuse(502, "The service failed");
}

} // namespace muster
