#include "server/address.hpp"

#include "messages/ip_address.hpp"

#include <charconv>

namespace muster {

std::optional<endpoint> parse_endpoint(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto host = text.substr(0, colon);
  const auto digits = text.substr(colon + 1);
  const auto ip = ip_address::parse(host);
  const bool bracketed = host.starts_with('[');
  std::uint16_t port = 0;
  const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  const bool whole = fault == std::errc{} && end == digits.data() + digits.size();
  // Without brackets an IPv6 address has no end.
  if (!ip || !whole || bracketed != (host.find(':') != std::string_view::npos))
    return std::nullopt;
  if (bracketed)
    host = host.substr(1, host.size() - 2);
  return endpoint{std::string{host}, port};
}

} // namespace muster
