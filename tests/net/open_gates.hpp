#pragma once

#include "net/gates.hpp"
#include "tests/net/fakes.hpp"
#include "tests/net/raw_client.hpp"

#include <caf/send.hpp>

#include <memory>
#include <string>
#include <vector>

namespace muster::test {

inline constexpr auto good_key = "dGhlIHNhbXBsZSBub25jZQ==";

/// An upgrade as it must be, with more header lines.
inline std::string upgrade_request(const std::string& target, const std::string& more = {}) {
  return "GET " + target
         + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
         + good_key + "\r\n" + more + "\r\n";
}

/// A listener with one channel at `/api`, whose connections echo.
struct open_gates : running_loops {
  open_gates() : testee{all, *address_set::parse({"127.0.0.0/8"}), "muster/test"} {
    channel = spawn<fake_channel>(*system, play);
    testee.open({"default", {"127.0.0.1", 0}, std::nullopt, false});
    testee.publish(
        {{"default", "/api", {}, channel}, {"default", "/web", {"https://a.b"}, channel}});
    settle();
  }
  ~open_gates() {
    testee.stop_accepting();
    caf::anon_send_exit(channel, caf::exit_reason::user_shutdown);
  }

  /// What was posted to the loops has been done.
  void settle() {
    for (std::size_t i = 0; i < all.size(); ++i)
      on(all[i], [] {});
  }

  std::uint16_t port(const std::string& name = "default") {
    for (const auto& each : testee.bound())
      if (each.name == name)
        return each.address.port;
    return 0;
  }

  std::shared_ptr<script> play = std::make_shared<script>();
  channel_actor channel;
  gates testee;
};

} // namespace muster::test
