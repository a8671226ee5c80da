#include "net/plain_websocket.hpp"

#include <algorithm>
#include <array>

namespace muster {

namespace {

/// So many frames of one client are read before others have their turn.
constexpr int frames_at_once = 16;

std::size_t write_header(std::array<char, 10>& header, char opcode, std::size_t size) {
  header[0] = opcode;
  const std::size_t bytes = size < 126 ? 0 : size < 65536 ? 2 : 8;
  header[1] = static_cast<char>(bytes == 0 ? size : bytes == 2 ? 126 : 127);
  for (std::size_t i = 0; i < bytes; ++i)
    header[2 + i] = static_cast<char>(size >> (8 * (bytes - 1 - i)));
  return 2 + bytes;
}

std::uint16_t code_of(frame_fault fault) {
  switch (fault) {
  case frame_fault::not_utf8:
    return close_code::invalid_payload;
  case frame_fault::too_big:
    return close_code::too_big;
  default:
    return close_code::protocol_error;
  }
}

} // namespace

void plain_websocket::start_reading() {
  own_.pour(std::shared_ptr<stream_reader>{shared_from_this(), this});
}

void plain_websocket::write(std::span<const std::string_view> pieces) {
  std::size_t size = 0;
  for (const auto piece : pieces)
    size += piece.size();
  std::array<char, 10> header;
  own_.append({header.data(), write_header(header, text_opcode, size)}, pieces);
}

// ---- reading ----

std::size_t plain_websocket::on_bytes(std::span<char> bytes) {
  if (ended())
    return bytes.size();
  return reader_.read(bytes, *this, frames_at_once);
}

void plain_websocket::on_end(boost::system::error_code why) {
  if (!ended())
    lose(why);
}

bool plain_websocket::on_message(std::string_view payload, bool text) {
  if (!closing())
    tell_message(payload, text);
  return !ended() && own_.open();
}

// Who asks and does not read the answers is not read either.
bool plain_websocket::on_ping(std::string_view payload) {
  own_.append(control_frame(pong_opcode, payload));
  if (own_.queued() < corked_stream::high_water || close_sent())
    return true;
  paused_ = true;
  own_.pause();
  own_.want_room();
  return false;
}

void plain_websocket::on_room() {
  if (std::exchange(paused_, false))
    own_.resume();
  websocket_wire::on_room();
}

bool plain_websocket::on_pong() {
  if (!closing())
    tell(wire_ponged{});
  return !ended();
}

// The peer's own Close is echoed as it is (RFC 6455 section 5.5.1); after ours it is the echo.
bool plain_websocket::on_close(std::string_view payload) {
  if (!closing()) {
    peer_closes();
    own_.append(control_frame(close_opcode, payload));
    said_close(payload);
  }
  peer_closed(read_code(payload), payload.substr(std::min<std::size_t>(payload.size(), 2)));
  return false;
}

bool plain_websocket::on_fragments() {
  refuse_message(limit_kind::fragments, "a message has too many fragments");
  return true;
}

void plain_websocket::on_fault(frame_fault fault, const char* what) {
  if (!closing()) {
    const auto code = code_of(fault);
    const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
    own_.append(control_frame(close_opcode, payload));
    said_close(payload);
    if (fault == frame_fault::too_big)
      count_limit(limit_kind::message_size);
  }
  end(close_outcome::no_echo, what);
}

} // namespace muster
