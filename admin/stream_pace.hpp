#pragma once

#include "messages/time.hpp"

#include <cstddef>
#include <optional>

namespace muster {

class http_exchange;

/// How much the reader of a stream can be given, so that nothing heaps up for a slow one.
class stream_pace {
public:
  /// So much may be on its way.
  static constexpr std::size_t window = 256 * 1024;
  /// Who takes nothing for so long is gone.
  static constexpr duration patience = std::chrono::seconds{10};

  /// Bytes that may be written now; nothing when the stream is to end.
  std::optional<std::size_t> room(const http_exchange& to, deadline now);

private:
  std::size_t unsent_ = 0;
  /// Since when the reader has taken nothing.
  std::optional<deadline> stalled_since_;
};

} // namespace muster
