#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace muster {

/// Follows a client's WebSocket frames (RFC 6455 section 5.2) by their headers alone and counts the
/// fragments of a message, empty ones too.
class frame_scanner {
public:
  static constexpr std::uint32_t most_fragments = 16384;

  /// Reads on. False when a message has more than `most_fragments`.
  bool read(std::string_view bytes);
  /// A Close frame has begun.
  bool saw_close() const { return saw_close_; }

private:
  std::size_t header_size() const;
  bool begin_frame();

  std::array<std::uint8_t, 14> header_{};
  std::uint8_t known_ = 0;
  bool saw_close_ = false;
  std::uint32_t fragments_ = 0;
  /// Of the payload that is passed over.
  std::uint64_t left_ = 0;
};

} // namespace muster
