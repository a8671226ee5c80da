#pragma once

#include "net/frame_reader.hpp"
#include "net/websocket_wire.hpp"

namespace muster {

/// A WebSocket without compression: frames are read and written directly.
class plain_websocket final : public websocket_wire, private stream_reader, private frame_sink {
public:
  plain_websocket(corked_stream stream, connection_actor owner)
      : websocket_wire{own_, stream.where(), std::move(owner)}, own_{std::move(stream)} {}
  ~plain_websocket() override { own_.observe(nullptr); }

  void limit_message(std::size_t bytes) override { reader_.limit(std::max<std::size_t>(bytes, 1)); }

private:
  void start_reading() override;
  void write(std::span<const std::string_view> pieces) override;
  void write(const shared_frame& frame) override { own_.append(*frame); }

  std::size_t on_bytes(std::span<char> bytes) override;
  void on_end(boost::system::error_code why) override;
  void on_room() override;

  bool on_message(std::string_view payload, bool text) override;
  bool on_ping(std::string_view payload) override;
  bool on_pong() override;
  bool on_close(std::string_view payload) override;
  bool on_fragments() override;
  void on_fault(frame_fault fault, const char* what) override;

  corked_stream own_;
  frame_reader reader_;
  bool paused_ = false;
};

} // namespace muster
