#pragma once

#include "messages/errc.hpp"
#include "net/http_head.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

/// Whether a request asks for a WebSocket as it must (RFC 6455 section 4.2.1).
bool asks_for_websocket(const http_head& request);

/// Whether it is the base64 of 16 bytes.
bool is_websocket_key(std::string_view key);

/// The whole answer to one who is not let in; the connection ends after it.
std::string refusal(std::uint16_t status, std::string_view server);

/// The status of the answer when the channel did not admit.
std::uint16_t status_of_refusal(errc why);

} // namespace muster
