#pragma once

#include "actors/outside.hpp"

#include <cstddef>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace muster {

/// Names for addresses: a cache before a bounded number of questions to name servers. Any thread;
/// answers come at once from the cache, or on the thread of `loop`, which outlives this.
class resolver final : public reverse_dns {
public:
  struct limits {
    /// From the question to its answer, the wait for a turn included.
    duration timeout = std::chrono::seconds{5};
    std::size_t in_flight = 64;
    /// Beyond as many questions that wait for their turn, the answer is `timeout` at once.
    std::size_t waiting = 10000;
    std::size_t cached = 100000;
    duration found_lives = std::chrono::hours{1};
    duration failure_lives = std::chrono::minutes{5};
    /// `ip:port` with commas between; empty: the system's.
    std::string servers;
  };

  explicit resolver(boost::asio::io_context& loop);
  resolver(boost::asio::io_context& loop, limits bounds);
  ~resolver() override;

  void look_up(const std::string& ip, callback done) override;

private:
  class core;
  std::shared_ptr<core> core_;
};

} // namespace muster
