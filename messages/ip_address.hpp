#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

namespace muster {

/// An IP address in 16 bytes; one of version 4 is kept as IPv4-mapped, so both compare and order.
class ip_address {
public:
  ip_address() = default;

  /// `10.0.0.1`, `2001:db8::1`, and these in brackets; nothing for anything else.
  static std::optional<ip_address> parse(std::string_view text);
  /// The address of `ip`, `ip:port` or `[ip]:port`.
  static std::optional<ip_address> parse_host(std::string_view text);

  bool is_v4() const;
  const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
  auto operator<=>(const ip_address&) const = default;

private:
  std::array<std::uint8_t, 16> bytes_{};
};

/// A network: `10.0.0.0/8`, `2001:db8::/32`, or one address.
class ip_network {
public:
  static std::optional<ip_network> parse(std::string_view text);
  bool contains(const ip_address& address) const;

private:
  ip_address base_;
  std::uint8_t bits_ = 128;
};

} // namespace muster
