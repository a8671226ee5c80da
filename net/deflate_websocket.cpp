#include "net/deflate_websocket.hpp"

#include "messages/metrics.hpp"

#include <algorithm>

namespace muster {

namespace {

namespace ws = boost::beast::websocket;
using error_code = boost::system::error_code;

constexpr std::size_t smallest_read = 512;
constexpr std::size_t largest_read = 65536;
/// A message buffer over this is given back when the message is done.
constexpr std::size_t kept_capacity = 4096;

std::string_view payload_of(std::string_view frame) {
  const auto length = static_cast<unsigned char>(frame[1]) & 0x7f;
  return frame.substr(length == 126 ? 4 : length == 127 ? 10 : 2);
}

} // namespace

// Beast keeps the stream on the heap: it stays where it is.
deflate_websocket::deflate_websocket(beast_stream stream, connection_actor owner)
    : websocket_wire{stream.next_layer(), stream.next_layer().where(), std::move(owner)},
      ws_{std::move(stream)} {}

void deflate_websocket::limit_message(std::size_t bytes) {
  limit_ = std::max<std::size_t>(bytes, 1);
  ws_.read_message_max(limit_);
}

// ---- reading ----

void deflate_websocket::start_reading() {
  ws_.control_callback(
      [this](ws::frame_type kind, boost::beast::string_view) { on_control(kind); });
  read();
}

void deflate_websocket::read() {
  const auto filled = message_.size();
  // As long as nothing comes there is little room for it.
  const auto size = filled == 0 ? smallest_read
                                : std::clamp<std::size_t>(ws_.read_size_hint(kept_capacity),
                                                          smallest_read, largest_read);
  message_.resize(filled + size);
  ws_.async_read_some(boost::asio::mutable_buffer{message_.data() + filled, size},
                      [self = self(), filled](error_code failure, std::size_t bytes) {
                        self->message_.resize(filled + bytes);
                        self->on_read(failure);
                      });
}

void deflate_websocket::on_read(error_code failure) {
  if (ended())
    return;
  if (failure) {
    on_failure(failure);
    return;
  }
  if (closing())
    release_message();
  else
    take_in();
  if (!ended())
    read();
}

void deflate_websocket::take_in() {
  if (message_.size() > limit_) {
    refuse_message(limit_kind::message_size, "a message is too large");
    release_message();
  } else if (ws_.is_message_done()) {
    tell_message(message_, ws_.got_text());
    release_message();
  }
}

void deflate_websocket::release_message() {
  message_.clear();
  if (message_.capacity() > kept_capacity)
    message_.shrink_to_fit();
}

void deflate_websocket::on_input(std::string_view bytes) {
  if (!scanner_.read(bytes))
    refuse_message(limit_kind::fragments, "a message has too many fragments");
}

void deflate_websocket::on_control(ws::frame_type kind) {
  if (closing())
    return;
  if (kind == ws::frame_type::pong)
    tell(wire_ponged{});
  else if (kind == ws::frame_type::close)
    peer_closes();
}

void deflate_websocket::on_failure(error_code failure) {
  if (failure == ws::error::closed) {
    const auto& peer = ws_.reason();
    peer_closed(peer.code == ws::close_code::none ? close_code::no_code : peer.code,
                {peer.reason.data(), peer.reason.size()});
  } else if (close_sent() && !closing()) {
    // A fault of the peer's that Beast has answered with a Close.
    if (failure == ws::error::message_too_big)
      count_limit(limit_kind::message_size);
    end(close_outcome::no_echo, failure.message());
  } else {
    lose(failure);
  }
}

// ---- writing ----

void deflate_websocket::write(std::span<const std::string_view> pieces) {
  std::string whole;
  for (const auto piece : pieces)
    whole += piece;
  compress(std::move(whole));
}

void deflate_websocket::write(const shared_frame& frame) {
  compress(std::string{payload_of(*frame)});
}

void deflate_websocket::compress(std::string text) {
  const bool idle = outbox_.empty();
  outbox_bytes_ += text.size();
  outbox_.push_back(std::move(text));
  if (idle)
    write_next();
}

void deflate_websocket::write_next() {
  ws_.text(true);
  ws_.async_write(boost::asio::buffer(outbox_.front()),
                  [self = self()](error_code failure, std::size_t) { self->written(failure); });
}

void deflate_websocket::written(error_code failure) {
  // What goes wrong here goes wrong for the reader too, who ends the wire.
  if (failure || ended())
    return;
  outbox_bytes_ -= outbox_.front().size();
  outbox_.pop_front();
  if (!outbox_.empty())
    write_next();
  else
    go_on_closing();
  on_room();
}

// Beast's Close, an echo or the answer to a fault, is its last word and ours.
void deflate_websocket::on_output(std::string_view beginning) {
  if (beginning.front() == close_opcode)
    said_close(beginning.substr(2));
}

} // namespace muster
