#include "net/frame_scanner.hpp"

#include <algorithm>

namespace muster {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t first_control_opcode = 8;
constexpr std::uint8_t close_opcode = 8;

} // namespace

std::size_t frame_scanner::header_size() const {
  if (known_ < 2)
    return 2;
  const auto length = header_[1] & 0x7f;
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  return 2 + extra + ((header_[1] & mask_bit) != 0 ? 4 : 0);
}

bool frame_scanner::begin_frame() {
  left_ = header_[1] & 0x7fU;
  if (left_ >= 126) {
    const std::size_t size = left_ == 126 ? 2 : 8;
    left_ = 0;
    for (std::size_t i = 0; i < size; ++i)
      left_ = left_ << 8 | header_[2 + i];
  }
  const auto opcode = header_[0] & opcode_bits;
  if (opcode >= first_control_opcode) {
    saw_close_ = saw_close_ || opcode == close_opcode;
    return true;
  }
  ++fragments_;
  const bool few = fragments_ <= most_fragments;
  if ((header_[0] & final_bit) != 0)
    fragments_ = 0;
  return few;
}

bool frame_scanner::read(std::string_view bytes) {
  while (!bytes.empty()) {
    if (left_ != 0) {
      const auto skipped = std::min<std::uint64_t>(left_, bytes.size());
      left_ -= skipped;
      bytes.remove_prefix(static_cast<std::size_t>(skipped));
      continue;
    }
    header_[known_++] = static_cast<std::uint8_t>(bytes.front());
    bytes.remove_prefix(1);
    if (known_ < header_size())
      continue;
    known_ = 0;
    if (!begin_frame())
      return false;
  }
  return true;
}

} // namespace muster
