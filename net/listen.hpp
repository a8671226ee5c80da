#pragma once

#include "messages/connection.hpp"

#include <optional>
#include <string>
#include <vector>

namespace muster {

/// Certificate and key of a TLS listener, as PEM files.
struct tls_files {
  std::string certificate;
  std::string key;
};

/// A listener of the configuration.
struct listener_definition {
  std::string name;
  endpoint address;
  std::optional<tls_files> tls;
  /// A proxy in front sends the PROXY protocol (v1 or v2) on every connection.
  bool proxy_protocol = false;
};

/// Whose word about a client's address is believed: addresses and CIDR blocks.
struct trusted_proxies {
  std::vector<std::string> blocks;
};

/// What is known of a listener that is bound.
struct bound_listener {
  std::string name;
  endpoint address;
  bool tls = false;
};

} // namespace muster
