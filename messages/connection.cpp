#include "messages/connection.hpp"

namespace muster {

std::string to_string(const endpoint& address) {
  const auto is_v6 = address.ip.find(':') != std::string::npos;
  return (is_v6 ? '[' + address.ip + ']' : address.ip) + ':' + std::to_string(address.port);
}

std::string_view to_string(connection_state state) {
  switch (state) {
  case connection_state::fresh:
    return "new";
  case connection_state::ready:
    return "ready";
  case connection_state::closing:
    break;
  }
  return "closing";
}

std::string_view to_string(dns_state state) {
  switch (state) {
  case dns_state::pending:
    return "pending";
  case dns_state::ok:
    return "ok";
  case dns_state::none:
    return "none";
  case dns_state::timeout:
    break;
  }
  return "timeout";
}

} // namespace muster
