#pragma once

#include "messages/connection.hpp"
#include "messages/ip_address.hpp"

#include <caf/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// A set of IP addresses, given as addresses and CIDR blocks of both families.
class address_set {
public:
  /// `bad_request` names the text that is neither an address nor a block.
  static caf::expected<address_set> parse(const std::vector<std::string>& blocks);

  bool contains(std::string_view ip) const;
  bool empty() const { return blocks_.empty(); }

private:
  std::vector<ip_network> blocks_;
};

/// The client that proxies speak for: the first address, from the right, that is none of `trusted`.
/// Empty when the peer itself is not trusted or nothing credible is said. The values are those of
/// all headers `X-Forwarded-For` and `Forwarded` (RFC 7239), in the order in which they came.
std::string forwarded_for(const std::vector<std::string_view>& x_forwarded_for,
                          const std::vector<std::string_view>& forwarded, std::string_view peer_ip,
                          const address_set& trusted);

/// The header of the PROXY protocol, version 1 or 2, at the beginning of a connection's bytes.
struct proxy_header {
  enum class outcome : std::uint8_t { need_more, done, bad };
  outcome state = outcome::need_more;
  /// How many bytes it has; those of the client begin behind them.
  std::size_t consumed = 0;
  /// Absent when the proxy speaks for itself or does not know: the socket's own addresses hold.
  std::optional<endpoint> source;
  std::optional<endpoint> destination;
};

proxy_header parse_proxy_header(std::string_view bytes);

} // namespace muster
