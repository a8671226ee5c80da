#pragma once

#include "messages/connection.hpp"

#include <optional>
#include <string_view>

namespace muster {

/// Reads `ip:port` or `[ip]:port`; port 0 means any that is free.
std::optional<endpoint> parse_endpoint(std::string_view text);

} // namespace muster
