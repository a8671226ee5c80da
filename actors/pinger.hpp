#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <optional>

namespace muster {

/// When to ping, whether the Pong came, and how many were missed in a row (protocol: Pings).
class pinger {
public:
  enum class step : std::uint8_t { none, ping, give_up };

  static constexpr duration pong_patience = std::chrono::seconds{5};

  /// Pings start now, the first one in an interval's time.
  void start(duration interval, std::uint32_t threshold, deadline now) {
    configure(interval, threshold);
    next_ping_ = now + interval_;
    running_ = true;
  }

  /// New settings for a connection that is being pinged already.
  void configure(duration interval, std::uint32_t threshold) {
    if (running_)
      next_ping_ += interval - interval_;
    interval_ = interval;
    threshold_ = threshold;
  }

  bool running() const { return running_; }

  /// When `advance` wants to be called; nothing while there are no pings.
  std::optional<deadline> due() const {
    if (!running_)
      return std::nullopt;
    return waiting_ ? sent_ + pong_patience : next_ping_;
  }

  /// What to do now.
  step advance(deadline now) {
    if (!running_)
      return step::none;
    if (waiting_) {
      if (now < sent_ + pong_patience)
        return step::none;
      waiting_ = false;
      if (++missed_ >= threshold_) {
        running_ = false;
        return step::give_up;
      }
    }
    if (now < next_ping_)
      return step::none;
    sent_ = now;
    waiting_ = true;
    next_ping_ = now + interval_;
    return step::ping;
  }

  /// Any Pong counts. Gives the round trip when it answers a Ping that waits.
  std::optional<duration> pong(deadline now) {
    missed_ = 0;
    if (!waiting_)
      return std::nullopt;
    waiting_ = false;
    return now - sent_;
  }

private:
  duration interval_{};
  deadline next_ping_{};
  deadline sent_{};
  std::uint32_t threshold_ = 2;
  std::uint32_t missed_ = 0;
  bool waiting_ = false;
  bool running_ = false;
};

} // namespace muster
