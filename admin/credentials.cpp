#include "admin/credentials.hpp"

#include "admin/cookie.hpp"

#include <algorithm>
#include <string_view>

namespace muster {

namespace {

constexpr std::string_view bearer = "bearer ";

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// What stands behind `Bearer`; empty when it is another scheme.
std::string bearer_token(std::string_view header) {
  if (header.size() <= bearer.size()
      || !std::equal(bearer.begin(), bearer.end(), header.begin(),
                     [](char a, char b) { return a == lower(b); }))
    return {};
  header.remove_prefix(bearer.size());
  const auto begin = header.find_first_not_of(' ');
  return begin == std::string_view::npos ? std::string{} : std::string{header.substr(begin)};
}

} // namespace

authenticate credentials_of(const http_request& request) {
  authenticate out;
  const auto header = request.header("authorization");
  if (!header.empty())
    out.bearer_token = bearer_token(header);
  else
    out.session_cookie = session_cookie(request);
  return out;
}

} // namespace muster
