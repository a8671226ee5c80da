#pragma once

#include "bench/wsload/client.hpp"
#include "bench/wsload/options.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace muster::bench {

class worker;

/// What differs between protocols: the greeting, how to ask, and how to read the answers.
class protocol {
public:
  virtual ~protocol() = default;

  virtual bool websocket() const { return true; }
  /// The transport is up.
  virtual void open(worker& by, client& to) = 0;
  /// Asks for an echo.
  virtual void request(worker& by, client& to, std::int64_t sent_at) = 0;
  /// Sends something to all subscribers.
  virtual void publish(worker& by, client& to, std::int64_t sent_at) = 0;
  virtual void message(worker& by, client& from, std::string_view payload, std::int64_t now) = 0;
  /// Without WebSocket: takes off the front of `in` what is whole.
  virtual void bytes(worker&, client&, std::string_view& /*in*/, std::int64_t /*now*/) {}
};

std::unique_ptr<protocol> make_protocol(const options& settings);

std::unique_ptr<protocol> make_text_protocol(const options& settings);
std::unique_ptr<protocol> make_tcp_protocol(const options& settings);
std::unique_ptr<protocol> make_http_protocol(const options& settings);
std::unique_ptr<protocol> make_nats_protocol(const options& settings);
std::unique_ptr<protocol> make_mqtt_protocol(const options& settings);

} // namespace muster::bench
