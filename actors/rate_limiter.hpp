#pragma once

#include "messages/channel.hpp"
#include "messages/time.hpp"

#include <algorithm>
#include <optional>

namespace muster {

/// A token bucket for the messages of one connection, and how long it has been overdrawn.
class rate_limiter {
public:
  enum class verdict : std::uint8_t {
    pass,
    /// Answer 429.
    refuse,
    /// It went on for ten seconds: close with 4009.
    give_up
  };

  /// No limit until there is one.
  void set(const std::optional<rate_limit>& limit, deadline now) {
    rate_ = limit ? limit->rate : 0;
    burst_ = limit ? std::max(limit->burst, 1.0) : 0;
    level_ = burst_;
    last_ = now;
    over_since_.reset();
  }

  verdict count(deadline now) {
    if (rate_ <= 0)
      return verdict::pass;
    level_ = std::min(burst_, level_ + std::chrono::duration<double>(now - last_).count() * rate_);
    last_ = now;
    if (level_ >= 1) {
      level_ -= 1;
      return verdict::pass;
    }
    // A while without a refusal: whatever was before is over.
    if (!over_since_ || now - last_refusal_ > pause)
      over_since_ = now;
    last_refusal_ = now;
    return now - *over_since_ >= patience ? verdict::give_up : verdict::refuse;
  }

  static constexpr duration patience = std::chrono::seconds{10};
  static constexpr duration pause = std::chrono::seconds{2};

private:
  double rate_ = 0;
  double burst_ = 0;
  double level_ = 0;
  deadline last_{};
  deadline last_refusal_{};
  std::optional<deadline> over_since_;
};

} // namespace muster
