#pragma once

#include "net/frame_scanner.hpp"
#include "net/websocket_wire.hpp"

#include <boost/beast/websocket/stream.hpp>

#include <deque>
#include <string>

namespace muster {

/// A WebSocket whose messages are compressed (RFC 7692): Beast reads and writes them, answers Pings
/// and the peer's Close. Our own Close mutes the stream: what Beast says to the peer's echo is not
/// sent.
class deflate_websocket final : public websocket_wire {
public:
  using beast_stream = boost::beast::websocket::stream<corked_stream>;

  deflate_websocket(beast_stream stream, connection_actor owner);
  ~deflate_websocket() override { stream_.observe(nullptr); }

  void limit_message(std::size_t bytes) override;

private:
  void start_reading() override;
  void write(std::span<const std::string_view> pieces) override;
  void write(const shared_frame& frame) override;
  std::size_t held_back() const override { return outbox_bytes_; }

  void read();
  void on_read(boost::system::error_code failure);
  void take_in();
  void release_message();
  void on_control(boost::beast::websocket::frame_type kind);
  void on_failure(boost::system::error_code failure);

  void compress(std::string text);
  void write_next();
  void written(boost::system::error_code failure);

  void on_input(std::string_view bytes) override;
  void on_output(std::string_view beginning) override;

  std::shared_ptr<deflate_websocket> self() {
    return std::static_pointer_cast<deflate_websocket>(shared_from_this());
  }

  beast_stream ws_;
  std::string message_;
  std::size_t limit_ = 65536;
  frame_scanner scanner_;
  /// Messages that wait for the compressor.
  std::deque<std::string> outbox_;
  std::size_t outbox_bytes_ = 0;
};

} // namespace muster
