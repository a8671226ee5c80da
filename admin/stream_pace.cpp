#include "admin/stream_pace.hpp"

#include "net/http.hpp"

#include <utility>

namespace muster {

std::optional<std::size_t> stream_pace::room(const http_exchange& to, deadline now) {
  const auto unsent = to.unsent();
  const auto before = std::exchange(unsent_, unsent);
  if (unsent < window) {
    stalled_since_.reset();
    return window - unsent;
  }
  if (!stalled_since_ || unsent < before)
    stalled_since_ = now;
  if (now - *stalled_since_ >= patience)
    return std::nullopt;
  return 0;
}

} // namespace muster
