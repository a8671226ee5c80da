#include "messages/ip_address.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace muster {

namespace {

constexpr std::array<std::uint8_t, 12> mapped_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

/// Most addresses are of version 4, and lists parse many of them.
bool parse_v4(std::string_view text, std::uint8_t* out) {
  std::size_t at = 0;
  for (int part = 0; part < 4; ++part) {
    unsigned value = 0;
    std::size_t digits = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9' && digits < 4; ++at, ++digits)
      value = value * 10 + static_cast<unsigned>(text[at] - '0');
    if (digits == 0 || value > 255 || (digits > 1 && text[at - digits] == '0'))
      return false;
    out[part] = static_cast<std::uint8_t>(value);
    if (part < 3 && (at == text.size() || text[at++] != '.'))
      return false;
  }
  return at == text.size();
}

bool parse_v6(std::string_view text, std::uint8_t* out) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  if (text.size() >= buffer.size())
    return false;
  std::copy(text.begin(), text.end(), buffer.begin());
  return ::inet_pton(AF_INET6, buffer.data(), out) == 1;
}

} // namespace

std::optional<ip_address> ip_address::parse(std::string_view text) {
  if (text.size() > 2 && text.front() == '[' && text.back() == ']')
    text = text.substr(1, text.size() - 2);
  ip_address result;
  auto& bytes = result.bytes_;
  if (text.find(':') == text.npos) {
    std::copy(mapped_prefix.begin(), mapped_prefix.end(), bytes.begin());
    return parse_v4(text, bytes.data() + 12) ? std::optional{result} : std::nullopt;
  }
  return parse_v6(text, bytes.data()) ? std::optional{result} : std::nullopt;
}

std::optional<ip_address> ip_address::parse_host(std::string_view text) {
  if (!text.empty() && text.front() == '[')
    return parse(text.substr(0, text.find(']') + 1));
  // One colon sets off a port; more are those of an address of version 6.
  if (const auto colon = text.find(':'); colon != text.npos && colon == text.rfind(':'))
    return parse(text.substr(0, colon));
  return parse(text);
}

bool ip_address::is_v4() const {
  return std::equal(mapped_prefix.begin(), mapped_prefix.end(), bytes_.begin());
}

std::optional<ip_network> ip_network::parse(std::string_view text) {
  ip_network result;
  const auto slash = text.find('/');
  const auto base = ip_address::parse(text.substr(0, slash));
  if (!base)
    return std::nullopt;
  result.base_ = *base;
  if (slash == text.npos)
    return result;
  const auto length = text.substr(slash + 1);
  const bool v4 = text.substr(0, slash).find(':') == text.npos;
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(length.data(), length.data() + length.size(), bits);
  if (error != std::errc{} || end != length.data() + length.size() || bits > (v4 ? 32U : 128U))
    return std::nullopt;
  result.bits_ = static_cast<std::uint8_t>(v4 ? bits + 96 : bits);
  return result;
}

bool ip_network::contains(const ip_address& address) const {
  const auto& a = address.bytes();
  const auto& b = base_.bytes();
  const std::size_t whole = bits_ / 8;
  if (!std::equal(a.begin(), a.begin() + static_cast<std::ptrdiff_t>(whole), b.begin()))
    return false;
  const auto rest = bits_ % 8;
  return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

} // namespace muster
