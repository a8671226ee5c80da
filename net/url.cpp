#include "net/url.hpp"

#include <algorithm>
#include <charconv>

namespace muster {

namespace {

bool is_host_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

/// Takes `http://` or `https://` off.
bool take_scheme(std::string_view& text, bool& secure) {
  auto end = text.find("://");
  if (end == text.npos)
    return false;
  std::string scheme{text.substr(0, end)};
  for (auto& c : scheme)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  text.remove_prefix(end + 3);
  secure = scheme == "https";
  return secure || scheme == "http";
}

bool read_authority(std::string_view text, http_url& result) {
  auto host = text;
  std::string_view port;
  if (text.starts_with('[')) {
    auto end = text.find(']');
    if (end == text.npos)
      return false;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
  } else if (auto colon = text.find(':'); colon != text.npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  result.host = host;
  for (auto& c : result.host)
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  bool literal = text.starts_with('[');
  if (result.host.empty() || !std::all_of(result.host.begin(), result.host.end(), [&](char c) {
        return is_host_char(c) || (literal && c == ':');
      }))
    return false;
  result.port = result.secure ? 443 : 80;
  if (port.empty())
    return true;
  auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), result.port);
  return port.front() == ':' && error == std::errc{} && end == port.data() + port.size()
         && result.port != 0;
}

} // namespace

std::optional<http_url> parse_http_url(std::string_view text) {
  http_url result;
  if (!take_scheme(text, result.secure))
    return std::nullopt;
  text = text.substr(0, text.find('#'));
  auto end = std::min(text.find_first_of("/?"), text.size());
  if (!read_authority(text.substr(0, end), result))
    return std::nullopt;
  text.remove_prefix(end);
  if (!std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; }))
    return std::nullopt;
  result.target = text.starts_with('/') ? std::string{text} : '/' + std::string{text};
  return result;
}

std::string http_url::authority() const {
  auto name = host.find(':') == host.npos ? host : '[' + host + ']';
  if (port != (secure ? 443 : 80))
    name += ':' + std::to_string(port);
  return name;
}

std::string http_url::origin() const {
  return (secure ? "https://" : "http://") + authority();
}

} // namespace muster
