#pragma once

#include "cli/http_client.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// A `ws://` or `wss://` address taken apart; the path as it stands.
std::optional<server_url> parse_websocket_url(std::string_view text);

/// What one says in a conversation, and whether that is all.
struct next_words {
  std::vector<std::string> send;
  bool over = false;
};

/// Hears each text of the server, and first an empty one when the connection is open.
using conversation = std::function<next_words(std::string_view)>;

/// How a conversation ended: by us when it was over or interrupted, else by the server's Close.
struct websocket_end {
  bool by_us = false;
  unsigned code = 0;
  std::string reason;
};

/// One conversation over a WebSocket; blocks. Pings are answered; SIGINT and SIGTERM end it with a
/// proper Close. Throws `failure` when there is no connection or it breaks, and what `partner`
/// throws, after a Close.
websocket_end converse(const server_url& to, const std::string& authorities,
                       const conversation& partner);

} // namespace muster
