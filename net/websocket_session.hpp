#pragma once

#include "actors/interfaces.hpp"
#include "net/corked_stream.hpp"
#include "net/http_head.hpp"

#include <string>

namespace muster {

/// What a WebSocket begins with.
struct websocket_start {
  corked_stream stream;
  /// Checked by the upgrade.
  http_head request;
  connection_actor owner;
  /// Compress, if the client can.
  bool deflate = false;
  /// The Server header's value.
  std::string server;
};

/// Answers the upgrade and becomes the wire of its owner, who gets wire_opened and at the end
/// wire_closed; only the latter when the socket did not live to see the former. On the stream's
/// loop.
void start_websocket(websocket_start start);

} // namespace muster
