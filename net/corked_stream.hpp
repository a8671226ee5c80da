#pragma once

#include "actors/fetch.hpp"
#include "net/loop_executor.hpp"
#include "net/stream_state.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/role.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace muster {

/// A socket, with or without TLS, as an AsyncStream that reads ahead and sends once a turn of its
/// loop, what is long at once. Written bytes are taken at once, and the completion comes late while
/// more than `high_water` wait. On the loop's thread only. Going, it closes the socket unless
/// `finish` was called, which sends what is queued first.
class corked_stream {
public:
  using executor_type = loop_executor;
  static constexpr std::size_t high_water = stream_state::high_water;

  corked_stream(boost::asio::ip::tcp::socket socket, loop& where,
                std::unique_ptr<tls_filter> tls = nullptr)
      : state_{stream_state::make(std::move(socket), where, std::move(tls))} {}
  corked_stream(corked_stream&&) noexcept = default;
  corked_stream& operator=(corked_stream&&) = delete;
  ~corked_stream() {
    if (state_)
      state_->abandon();
  }

  executor_type get_executor() { return loop_executor{state_->where()}; }
  loop& where() { return state_->where(); }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, boost::asio::mutable_buffer into) {
          state_->read(into, make_operation(std::move(handler)));
        },
        token, first_of<boost::asio::mutable_buffer>(buffers));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
        [this](auto handler, const auto& from) {
          const auto end = boost::asio::buffer_sequence_end(from);
          std::size_t size = 0;
          bool first = true;
          for (auto at = boost::asio::buffer_sequence_begin(from); at != end; ++at) {
            const boost::asio::const_buffer part = *at;
            if (part.size() == 0)
              continue;
            state_->take({static_cast<const char*>(part.data()), part.size()}, first);
            first = false;
            size += part.size();
          }
          state_->taken(size, make_operation(std::move(handler)));
        },
        token, buffers);
  }

  /// Writes without a completion; the caller minds `queued`.
  void append(std::string_view bytes, std::span<const std::string_view> more = {}) {
    state_->append(bytes, more);
  }
  /// Gives all that comes to the reader, who takes the place of async_read_some and is kept until
  /// the end.
  void pour(std::shared_ptr<stream_reader> reader) { state_->pour(std::move(reader)); }
  /// The reader gets nothing more until `resume`.
  void pause() { state_->pause(); }
  void resume() { state_->resume(); }
  /// Gives the kernel now what this turn has gathered.
  void flush() { state_->flush(); }
  /// It is written to in a moment.
  void fetch() const { fetch_lines(state_.get(), 4); }
  /// Bytes written that the kernel does not have yet.
  std::size_t queued() const { return state_->queued(); }
  /// Puts back what was read too far.
  void unread(std::string_view bytes) { state_->unread(bytes); }
  /// Begins with TLS, of which `first` has been read already.
  void secure(std::unique_ptr<tls_filter> tls, std::string first) {
    state_->secure(std::move(tls), std::move(first));
  }
  /// Pretends to write from now on.
  void mute() { state_->mute(); }
  bool open() const { return state_->open(); }
  /// What is told of the bytes; null: nobody. It must outlive the stream or be taken back.
  void observe(stream_observer* observer) { state_->observe(observer); }
  /// Asks for on_room when under half of the high-water mark is queued.
  void want_room() { state_->want_room(); }

  /// Sends what is queued, then ends the connection without a loss for a peer that reads; takes at
  /// most some seconds. Pending operations are aborted.
  void finish() { state_->finish(); }
  /// Closes the socket at once.
  void close() { state_->close(); }
  /// TLS version and cipher; empty without TLS.
  std::string tls() const { return state_->tls(); }

private:
  template <class Buffer, class Buffers>
  static Buffer first_of(const Buffers& buffers) {
    const auto end = boost::asio::buffer_sequence_end(buffers);
    for (auto at = boost::asio::buffer_sequence_begin(buffers); at != end; ++at)
      if (const Buffer part = *at; part.size() != 0)
        return part;
    return {};
  }

  std::shared_ptr<stream_state> state_;
};

// What Beast asks of a stream of one's own.
void teardown(boost::beast::role_type, corked_stream& stream, boost::system::error_code& failure);
void beast_close_socket(corked_stream& stream);

template <class Handler>
void async_teardown(boost::beast::role_type, corked_stream& stream, Handler&& handler) {
  auto& where = stream.where();
  stream.finish();
  where.soon(
      [done = std::forward<Handler>(handler)]() mutable { done(boost::system::error_code{}); });
}

} // namespace muster
