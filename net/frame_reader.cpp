#include "net/frame_reader.hpp"

#include "messages/utf8.hpp"

#include <algorithm>
#include <cstring>

namespace muster {

namespace {

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
  const auto before = mask;
  for (std::size_t i = 0; i < mask.size(); ++i)
    mask[i] = before[(i + bytes.size()) % mask.size()];
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
      if (!header_.read(rest))
        break;
      if (const auto* wrong = begin_frame()) {
        sink.on_fault(frame_fault::protocol, wrong);
        break;
      }
      const bool is_control = header_.is_control();
      if (!is_control && left_ > limit_ - std::min(limit_, message_.size())) {
        sink.on_fault(frame_fault::too_big, "the message is too large");
        break;
      }
      if (!is_control && ++fragments_ == most_fragments + 1 && !sink.on_fragments())
        break;
    }
    if (!take_payload(rest, sink))
      break;
  }
  return bytes.size() - rest.size();
}

// What is wrong with the header; null: nothing.
const char* frame_reader::begin_frame() {
  if (header_.has_reserved_bits())
    return "a frame has reserved bits";
  if (!header_.is_masked())
    return "a frame is not masked";
  if (!header_.length_is_minimal())
    return "the length of a frame is badly written";
  left_ = header_.length();
  mask_ = header_.mask();
  in_payload_ = true;
  return check_order();
}

const char* frame_reader::check_order() {
  switch (header_.opcode()) {
  case frame_header::continuation:
    return message_opcode_ == 0 ? "a frame goes on with no message" : nullptr;
  case frame_header::text:
  case frame_header::binary:
    if (message_opcode_ != 0)
      return "a message begins within another";
    message_opcode_ = header_.opcode();
    return nullptr;
  case frame_header::close:
  case frame_header::ping:
  case frame_header::pong:
    return header_.is_final() && left_ <= longest_control ? nullptr : "a control frame is too long";
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
  const bool is_control = header_.is_control();
  auto& before = is_control ? control_ : message_;
  if (left_ == 0 && before.empty() && (is_control || header_.is_final()))
    return end_frame({part.data(), size}, sink);
  before.append(part.data(), size);
  return left_ == 0 && end_frame(before, sink);
}

bool frame_reader::end_frame(std::string_view payload, frame_sink& sink) {
  in_payload_ = false;
  header_.clear();
  if (!header_.is_control())
    return !header_.is_final() || end_message(payload, sink);
  bool more = false;
  if (header_.opcode() == frame_header::ping)
    more = sink.on_ping(payload);
  else if (header_.opcode() == frame_header::pong)
    more = sink.on_pong();
  else
    more = end_close(payload, sink);
  control_.clear();
  return more;
}

bool frame_reader::end_message(std::string_view payload, frame_sink& sink) {
  const bool is_text = message_opcode_ == frame_header::text;
  message_opcode_ = 0;
  fragments_ = 0;
  // The limit may have been lowered since its headers came.
  if (payload.size() > limit_) {
    sink.on_fault(frame_fault::too_big, "the message is too large");
    return false;
  }
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
