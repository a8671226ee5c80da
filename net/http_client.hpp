#pragma once

#include "actors/outside.hpp"

#include <cstddef>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace muster {

/// Calls HTTP and HTTPS servers over kept connections, pooled by origin. `call` from any thread;
/// answers come on the thread of `loop`, which outlives this.
class http_client final : public http_caller {
public:
  struct limits {
    std::size_t connections_per_origin = 32;
    /// Beyond as many calls of an origin that wait for a connection: `unavailable`.
    std::size_t waiting_per_origin = 256;
    std::size_t answer_bytes = 4 * 1024 * 1024;
    /// How long a connection is kept that nobody uses.
    duration idle = std::chrono::seconds{30};
    /// More certificates to trust beside the system's (a PEM file); empty: none.
    std::string extra_certificates;
  };

  explicit http_client(boost::asio::io_context& loop);
  http_client(boost::asio::io_context& loop, limits bounds);
  /// Calls that are open end with `unavailable`, as long as the loop runs.
  ~http_client() override;

  /// Redirects are not followed.
  void call(outgoing_request request, callback done) override;

private:
  class core;
  std::shared_ptr<core> core_;
};

} // namespace muster
