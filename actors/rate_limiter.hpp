#pragma once

#include "messages/channel.hpp"
#include "messages/time.hpp"

#include <algorithm>
#include <memory>
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
    bucket_ = nullptr;
    if (limit && limit->rate > 0) {
      const auto burst = std::max(limit->burst, 1.0);
      bucket_ = std::make_unique<bucket>(bucket{limit->rate, burst, burst, now, {}, {}});
    }
  }

  verdict count(deadline now) { return bucket_ ? bucket_->count(now) : verdict::pass; }

  static constexpr duration patience = std::chrono::seconds{10};
  static constexpr duration pause = std::chrono::seconds{2};

private:
  /// Most connections have none.
  struct bucket {
    verdict count(deadline now) {
      level = std::min(burst, level + std::chrono::duration<double>(now - last).count() * rate);
      last = now;
      if (level >= 1) {
        level -= 1;
        return verdict::pass;
      }
      // A while without a refusal: whatever was before is over.
      if (!over_since || now - last_refusal > pause)
        over_since = now;
      last_refusal = now;
      return now - *over_since >= patience ? verdict::give_up : verdict::refuse;
    }

    double rate;
    double burst;
    double level;
    deadline last;
    deadline last_refusal;
    std::optional<deadline> over_since;
  };

  std::unique_ptr<bucket> bucket_;
};

} // namespace muster
