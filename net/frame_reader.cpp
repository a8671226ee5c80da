#include "net/frame_reader.hpp"

#include "messages/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace muster {

namespace {

constexpr std::uint8_t final_bit = 0x80;
constexpr std::uint8_t reserved_bits = 0x70;
constexpr std::uint8_t opcode_bits = 0x0f;
constexpr std::uint8_t mask_bit = 0x80;
constexpr std::uint8_t length_bits = 0x7f;

constexpr std::uint8_t continuation = 0;
constexpr std::uint8_t text = 1;
constexpr std::uint8_t binary = 2;
constexpr std::uint8_t close = 8;
constexpr std::uint8_t ping = 9;
constexpr std::uint8_t pong = 10;

constexpr std::uint64_t longest_control = 125;
/// A message buffer over this is given back when the message is done.
constexpr std::size_t kept_capacity = 4096;

/// Eight bytes a step; `mask` goes on where this ends.
void unmask(std::span<char> bytes, std::array<char, 4>& mask) {
  std::uint64_t wide = 0;
  std::memcpy(&wide, mask.data(), 4);
  std::memcpy(reinterpret_cast<char*>(&wide) + 4, mask.data(), 4);
  auto* at = bytes.data();
  auto* const end = at + bytes.size();
  for (; end - at >= 8; at += 8) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    eight ^= wide;
    std::memcpy(at, &eight, 8);
  }
  for (std::size_t i = 0; at != end; ++at, ++i)
    *at = static_cast<char>(*at ^ mask[i % 4]);
  const auto turned = static_cast<std::ptrdiff_t>(bytes.size() % 4);
  if (turned != 0)
    std::rotate(mask.begin(), mask.begin() + turned, mask.end());
}

/// Of a Close that comes from a peer (RFC 6455 section 7.4).
bool may_be_sent(std::uint16_t code) {
  switch (code) {
  case 1004:
  case 1005:
  case 1006:
    return false;
  default:
    return (code >= 1000 && code <= 1013) || code >= 3000;
  }
}

} // namespace

std::size_t frame_reader::read(std::span<char> bytes, frame_sink& sink, int most_frames) {
  auto rest = bytes;
  for (int i = 0; i < most_frames; ++i) {
    if (!in_payload_) {
      if (!take_header(rest))
        break;
      if (const auto* wrong = begin_frame()) {
        sink.on_fault(frame_fault::protocol, wrong);
        break;
      }
      if (!is_control() && left_ > limit_ - std::min(limit_, message_.size())) {
        sink.on_fault(frame_fault::too_big, "the message is too large");
        break;
      }
      if (!is_control() && ++fragments_ == most_fragments + 1 && !sink.on_fragments())
        break;
    }
    if (!take_payload(rest, sink))
      break;
  }
  return bytes.size() - rest.size();
}

std::size_t frame_reader::header_size() const {
  if (known_ < 2)
    return 2;
  const auto length = header_[1] & length_bits;
  const std::size_t extra = length == 126 ? 2 : length == 127 ? 8 : 0;
  return 2 + extra + ((header_[1] & mask_bit) != 0 ? 4 : 0);
}

bool frame_reader::take_header(std::span<char>& bytes) {
  for (auto missing = header_size() - known_; missing != 0; missing = header_size() - known_) {
    const auto size = std::min(missing, bytes.size());
    if (size == 0)
      return false;
    std::memcpy(header_.data() + known_, bytes.data(), size);
    known_ = static_cast<std::uint8_t>(known_ + size);
    bytes = bytes.subspan(size);
  }
  return true;
}

// What is wrong with the header; null: nothing.
const char* frame_reader::begin_frame() {
  const auto known = known_;
  known_ = 0;
  if ((header_[0] & reserved_bits) != 0)
    return "a frame has reserved bits";
  if ((header_[1] & mask_bit) == 0)
    return "a frame is not masked";
  opcode_ = header_[0] & opcode_bits;
  final_ = (header_[0] & final_bit) != 0;
  left_ = header_[1] & length_bits;
  if (left_ >= 126) {
    const std::uint64_t shortest = left_ == 126 ? 126 : 65536;
    left_ = 0;
    for (std::size_t i = 2; i + 4 < known; ++i)
      left_ = left_ << 8 | header_[i];
    if (left_ < shortest || left_ >> 63 != 0)
      return "the length of a frame is badly written";
  }
  std::memcpy(mask_.data(), header_.data() + known - 4, 4);
  in_payload_ = true;
  return check_order(opcode_);
}

const char* frame_reader::check_order(std::uint8_t opcode) {
  switch (opcode) {
  case continuation:
    return message_opcode_ == 0 ? "a frame goes on with no message" : nullptr;
  case text:
  case binary:
    if (message_opcode_ != 0)
      return "a message begins within another";
    message_opcode_ = opcode;
    return nullptr;
  case close:
  case ping:
  case pong:
    return final_ && left_ <= longest_control ? nullptr : "a control frame is too long";
  default:
    return "a frame is of no known kind";
  }
}

// What has come whole is not copied.
bool frame_reader::take_payload(std::span<char>& bytes, frame_sink& sink) {
  const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
  const auto part = bytes.first(size);
  bytes = bytes.subspan(size);
  unmask(part, mask_);
  left_ -= size;
  auto& before = is_control() ? control_ : message_;
  const bool whole = left_ == 0 && before.empty() && (is_control() || final_);
  if (whole) {
    in_payload_ = false;
    return end_frame({part.data(), size}, sink);
  }
  before.append(part.data(), size);
  if (left_ != 0)
    return false;
  in_payload_ = false;
  return end_frame(before, sink);
}

bool frame_reader::end_frame(std::string_view payload, frame_sink& sink) {
  if (!is_control())
    return !final_ || end_message(payload, sink);
  bool more = false;
  if (opcode_ == ping)
    more = sink.on_ping(payload);
  else if (opcode_ == pong)
    more = sink.on_pong();
  else
    more = end_close(payload, sink);
  control_.clear();
  return more;
}

bool frame_reader::end_message(std::string_view payload, frame_sink& sink) {
  const bool is_text = message_opcode_ == text;
  message_opcode_ = 0;
  fragments_ = 0;
  if (is_text && !is_utf8(payload)) {
    sink.on_fault(frame_fault::not_utf8, "a text is not UTF-8");
    return false;
  }
  const bool more = sink.on_message(payload, is_text);
  message_.clear();
  if (message_.capacity() > kept_capacity)
    message_.shrink_to_fit();
  return more;
}

bool frame_reader::end_close(std::string_view payload, frame_sink& sink) {
  if (payload.size() == 1) {
    sink.on_fault(frame_fault::protocol, "a Close has half a code");
    return false;
  }
  if (payload.size() >= 2) {
    const auto code =
        static_cast<unsigned char>(payload[0]) << 8 | static_cast<unsigned char>(payload[1]);
    if (!may_be_sent(static_cast<std::uint16_t>(code))) {
      sink.on_fault(frame_fault::protocol, "a Close has a code that none may have");
      return false;
    }
    if (!is_utf8(payload.substr(2))) {
      sink.on_fault(frame_fault::not_utf8, "the reason of a Close is not UTF-8");
      return false;
    }
  }
  return sink.on_close(payload);
}

} // namespace muster
