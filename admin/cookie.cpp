#include "admin/cookie.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace muster {

namespace {

constexpr std::string_view cookie_name = "muster_session";

} // namespace

std::string session_cookie(const http_request& request) {
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie")
      continue;
    std::string_view rest{value};
    while (!rest.empty()) {
      const auto end = rest.find(';');
      auto pair = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
      const auto equals = pair.find('=');
      if (equals != std::string_view::npos && pair.substr(0, equals) == cookie_name)
        return std::string{pair.substr(equals + 1)};
    }
  }
  return {};
}

std::string set_session_cookie(const std::string& session, double lives_for, bool secure) {
  std::string out{cookie_name};
  out += '=' + session + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
         + std::to_string(static_cast<std::int64_t>(lives_for));
  if (secure)
    out += "; Secure";
  return out;
}

} // namespace muster
