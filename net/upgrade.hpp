#pragma once

#include "net/corked_stream.hpp"
#include "net/http_head.hpp"
#include "net/proxy.hpp"
#include "net/route_table.hpp"

#include <array>
#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

class http_server;

/// What all upgrades go by.
struct gate_rules {
  /// The channel that listens there for that path; null when none does. On a loop, of its index.
  const route* find(std::size_t loop, std::string_view listener, std::string_view path) const {
    return routes[loop] ? routes[loop]->find(listener, path) : nullptr;
  }

  address_set trusted;
  /// The Server header's value.
  std::string server;
  /// Nobody is let in any more.
  std::atomic<bool> draining{false};
  /// By index of the loop, whose thread alone touches its own.
  std::vector<std::shared_ptr<const route_table>> routes;
  /// Answers requests that want no WebSocket.
  std::shared_ptr<http_server> http;
};

/// One listener, as upgrades know it.
struct gate_origin {
  std::string listener;
  bool proxy_protocol = false;
  std::shared_ptr<gate_rules> rules;
};

/// A connection from its first byte until it is a WebSocket, is handed over to HTTP, or has been
/// refused; `tls` where it is
/// to begin after the first words of a proxy. On its loop's thread only; keeps itself.
class upgrade final : public std::enable_shared_from_this<upgrade>, private wheel::timer {
public:
  upgrade(corked_stream stream, endpoint local, endpoint remote,
          std::shared_ptr<const gate_origin> from, std::unique_ptr<tls_filter> tls = nullptr);
  ~upgrade() override = default;

  void start();

private:
  void on_deadline() override;
  void read();
  void on_read(std::size_t bytes);
  bool take_proxy_header();
  void judge(http_head head);
  void hand_over();
  void ask_channel(const route& where, http_head head);
  void on_answer(caf::expected<admitted> answer, http_head head);
  void refuse(std::uint16_t status);
  std::shared_ptr<arrival> describe(const http_head& head);

  corked_stream stream_;
  endpoint local_;
  endpoint remote_;
  std::shared_ptr<const gate_origin> from_;
  std::array<char, 4096> buffer_;
  std::string in_;
  std::size_t scanned_ = 0;
  /// What the PROXY protocol says of the client.
  std::optional<endpoint> proxied_;
  bool awaits_proxy_;
  /// Begins behind the header of the PROXY protocol.
  std::unique_ptr<tls_filter> tls_;
};

} // namespace muster
