#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <cerrno>

namespace muster {

namespace {

using boost::asio::ip::tcp;

/// How long a peer may take to read the last of what it gets, and then to close its end.
constexpr auto patience_to_send = std::chrono::seconds{5};
constexpr auto patience_to_close = std::chrono::seconds{2};

} // namespace

std::shared_ptr<stream_state> stream_state::make(tcp::socket socket, loop& where,
                                                 std::unique_ptr<tls_filter> tls) {
  auto state = std::make_shared<stream_state>(std::move(socket), where, std::move(tls));
  where.know(*state);
  if (state->tls_) {
    state->tls_->begin(state->cipher_);
    state->mark();
  }
  return state;
}

stream_state::stream_state(tcp::socket socket, loop& where, std::unique_ptr<tls_filter> tls)
    : socket_{std::move(socket)}, loop_{where}, tls_{std::move(tls)} {}

stream_state::~stream_state() = default;

stream_state::error_code stream_state::last_error() {
  return {errno, boost::system::system_category()};
}

void stream_state::finish() {
  if (finishing_ || !socket_.is_open())
    return;
  finishing_ = true;
  abort_operations(boost::asio::error::operation_aborted);
  if (failure_) {
    close();
    return;
  }
  if (tls_ && !tls_->ready())
    out_.clear();
  loop_.deadlines().arm(*this, loop_.now() + patience_to_send);
  mark();
}

// The sending end is shut and what comes is thrown away: closing with something unread would reset
// the connection, and the peer could lose what was sent last.
void stream_state::say_end() {
  if (!std::exchange(said_goodbye_, true)) {
    if (tls_ && tls_->ready()) {
      tls_->goodbye(cipher_);
      if (!send() || queued() != 0)
        return;
    }
    error_code ignored;
    socket_.shutdown(tcp::socket::shutdown_send, ignored);
    loop_.deadlines().arm(*this, loop_.now() + patience_to_close);
  }
  if (ended_)
    close();
  else
    discard();
}

void stream_state::discard() {
  if (!socket_.is_open())
    return;
  const auto room = loop_.scratch();
  const auto got = ::recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  if (got > 0 || (got < 0 && (errno == EAGAIN || errno == EINTR)))
    wait_readable();
  else
    close();
}

void stream_state::fail(error_code failure) {
  if (failure_)
    return;
  failure_ = failure;
  out_.clear();
  cipher_.clear();
  sent_ = 0;
  if (finishing_)
    close();
  else
    abort_operations(failure);
}

void stream_state::close() {
  disarm();
  if (!failure_)
    failure_ = boost::asio::error::operation_aborted;
  error_code ignored;
  socket_.close(ignored);
  out_.clear();
  cipher_.clear();
  sent_ = 0;
  abort_operations(failure_);
}

void stream_state::abandon() {
  observer_ = nullptr;
  if (!finishing_)
    close();
}

void stream_state::abort_readers(error_code why) {
  if (reader_)
    settle_later(std::move(reader_), why, 0);
  if (poured_)
    loop_.soon([reader = std::exchange(poured_, nullptr), why] { reader->on_end(why); });
}

void stream_state::abort_operations(error_code failure) {
  abort_readers(failure);
  if (writer_)
    settle_later(std::move(writer_), failure, 0);
}

void stream_state::settle_later(std::unique_ptr<io_operation> which, error_code failure,
                                std::size_t bytes) {
  loop_.soon([which = std::move(which), failure, bytes]() mutable {
    io_operation::complete(std::move(which), failure, bytes);
  });
}

} // namespace muster
