#pragma once

#include "net/loop.hpp"
#include "net/tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace muster {

/// A handler of a read or write that waits.
class io_operation {
public:
  virtual ~io_operation() = default;
  /// Calls the handler; the operation is gone by then.
  static void complete(std::unique_ptr<io_operation> which, boost::system::error_code failure,
                       std::size_t bytes) {
    which->run(std::move(which), failure, bytes);
  }

private:
  virtual void run(std::unique_ptr<io_operation> self, boost::system::error_code failure,
                   std::size_t bytes) = 0;
};

template <class Handler>
std::unique_ptr<io_operation> make_operation(Handler handler) {
  class handled final : public io_operation {
  public:
    explicit handled(Handler&& what) : handler_{std::move(what)} {}

  private:
    void run(std::unique_ptr<io_operation> self, boost::system::error_code failure,
             std::size_t bytes) override {
      auto call = std::move(handler_);
      self.reset();
      call(failure, bytes);
    }
    Handler handler_;
  };
  return std::make_unique<handled>(std::move(handler));
}

/// Gets what comes out of a stream as it comes, with no operation for it. Called from handlers of
/// the loop.
class stream_reader {
public:
  virtual ~stream_reader() = default;
  /// Takes some of the bytes, which it may change, and returns how many. The others are given again
  /// after what else waits to be done.
  virtual std::size_t on_bytes(std::span<char> bytes) = 0;
  /// Nothing more comes.
  virtual void on_end(boost::system::error_code why) = 0;
};

/// Sees what passes through a stream. Called from handlers of the loop, or by whoever writes.
class stream_observer {
public:
  virtual ~stream_observer() = default;
  /// These bytes are about to be given to the handler of a read.
  virtual void on_input(std::string_view /*bytes*/) {}
  /// The beginning of something that an operation has just written.
  virtual void on_output(std::string_view /*beginning*/) {}
  /// Under half of the high-water mark is queued, after want_room.
  virtual void on_room() = 0;
};

/// What a corked stream is made of; it lives on while the socket is being finished.
class stream_state final : public corked,
                           public std::enable_shared_from_this<stream_state>,
                           private wheel::timer {
public:
  using error_code = boost::system::error_code;
  static constexpr std::size_t high_water = 262144;

  static std::shared_ptr<stream_state> make(boost::asio::ip::tcp::socket socket, loop& where,
                                            std::unique_ptr<tls_filter> tls);
  stream_state(boost::asio::ip::tcp::socket socket, loop& where, std::unique_ptr<tls_filter> tls);
  ~stream_state() override;

  loop& where() { return loop_; }
  void read(boost::asio::mutable_buffer into, std::unique_ptr<io_operation> reader);
  void take(std::string_view bytes, bool beginning);
  void taken(std::size_t bytes, std::unique_ptr<io_operation> writer);
  void append(std::string_view bytes, std::span<const std::string_view> more = {});
  void pour(std::shared_ptr<stream_reader> reader);
  void pause() { paused_ = true; }
  void resume();
  std::size_t queued() const { return out_.size() + cipher_.size() - sent_; }
  void unread(std::string_view bytes);
  void secure(std::unique_ptr<tls_filter> tls, std::string first);
  void mute() { muted_ = true; }
  bool open() const { return socket_.is_open() && !failure_ && !finishing_; }
  void observe(stream_observer* observer) { observer_ = observer; }
  void want_room() { wants_room_ = true; }
  void finish();
  void close();
  void abandon();
  std::string tls() const { return tls_ ? tls_->describe() : std::string{}; }

  void flush() override;
  void drop() override { close(); }

private:
  static error_code last_error();
  void on_deadline() override { close(); }
  void keep(std::string_view bytes, std::span<const std::string_view> more, std::size_t size,
            std::size_t gone);
  std::size_t send_now(std::string_view bytes, std::span<const std::string_view> more);
  void mark();
  bool wants_bytes() const { return reader_ || (poured_ && !paused_); }
  void go_on();
  void give_later();
  void give();
  void give_rest();
  std::size_t pour_out(std::span<char> bytes);
  std::size_t copy_in(std::span<const char> bytes);
  void hand_over(std::size_t size);
  void wait_readable();
  void on_readable();
  void on_bytes(std::span<char> bytes);
  bool send();
  void wait_writable();
  void after_send();
  void say_end();
  void discard();
  void fail(error_code failure);
  void abort_readers(error_code why);
  void abort_operations(error_code failure);
  void settle_later(std::unique_ptr<io_operation> which, error_code failure, std::size_t bytes);

  boost::asio::ip::tcp::socket socket_;
  loop& loop_;
  std::unique_ptr<tls_filter> tls_;
  stream_observer* observer_ = nullptr;
  /// Who waits for bytes: the handler of one read, or a reader of all that comes.
  std::unique_ptr<io_operation> reader_;
  boost::asio::mutable_buffer into_;
  std::shared_ptr<stream_reader> poured_;
  std::unique_ptr<io_operation> writer_;
  std::size_t writer_bytes_ = 0;
  /// Read too far; given from `rest_at_` on.
  std::string rest_;
  std::size_t rest_at_ = 0;
  /// Written; with TLS the plaintext, which goes on to `cipher_`.
  std::string out_;
  std::string cipher_;
  /// How much of what goes to the socket next is there already.
  std::size_t sent_ = 0;
  error_code failure_;
  bool dirty_ = false;
  bool reading_ = false;
  bool writing_ = false;
  bool giving_ = false;
  bool more_waits_ = false;
  bool paused_ = false;
  bool muted_ = false;
  bool wants_room_ = false;
  bool finishing_ = false;
  bool said_goodbye_ = false;
  bool ended_ = false;
};

} // namespace muster
