#pragma once

#include "net/frame_header.hpp"

#include <cstdint>
#include <string_view>

namespace muster {

/// Follows a client's WebSocket frames (RFC 6455 section 5.2) by their headers alone and counts the
/// fragments of a message, empty ones too.
class frame_scanner {
public:
  static constexpr std::uint32_t most_fragments = 16384;

  /// Reads on. False when a message has more than `most_fragments`.
  bool read(std::string_view text);

private:
  bool begin_frame();

  frame_header header_;
  std::uint32_t fragments_ = 0;
  /// Of the payload that is passed over.
  std::uint64_t left_ = 0;
};

} // namespace muster
