// What comes: given to whoever waits for it.

#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace muster {

void stream_state::read(boost::asio::mutable_buffer into, std::unique_ptr<io_operation> reader) {
  into_ = into;
  reader_ = std::move(reader);
  go_on();
}

void stream_state::pour(std::shared_ptr<stream_reader> reader) {
  poured_ = std::move(reader);
  go_on();
}

void stream_state::resume() {
  if (std::exchange(paused_, false))
    go_on();
}

void stream_state::unread(std::string_view bytes) {
  rest_.replace(0, rest_at_, bytes);
  rest_at_ = 0;
}

void stream_state::secure(std::unique_ptr<tls_filter> tls, std::string first) {
  tls_ = std::move(tls);
  tls_->begin(cipher_);
  first.append(rest_, rest_at_);
  rest_.clear();
  rest_at_ = 0;
  on_bytes(first);
}

// Somebody waits for bytes: they come now that there are some, or when there are.
void stream_state::go_on() {
  if (!wants_bytes())
    return;
  if (rest_at_ < rest_.size() || failure_ || ended_ || finishing_ || more_waits_)
    give_later();
  else
    wait_readable();
}

void stream_state::give_later() {
  if (std::exchange(giving_, true))
    return;
  loop_.soon([self = shared_from_this()] {
    self->giving_ = false;
    self->give();
  });
}

void stream_state::give() {
  if (!wants_bytes())
    return;
  if (rest_at_ < rest_.size())
    give_rest();
  else if (failure_ || finishing_)
    abort_readers(failure_ ? failure_ : error_code{boost::asio::error::operation_aborted});
  else if (ended_)
    abort_readers(boost::asio::error::eof);
  else if (more_waits_)
    on_readable();
  else
    wait_readable();
}

void stream_state::give_rest() {
  const auto bytes = std::span{rest_}.subspan(rest_at_);
  const bool poured = poured_ != nullptr;
  const auto size = poured ? pour_out(bytes) : copy_in(bytes);
  rest_at_ += size;
  if (rest_at_ == rest_.size()) {
    loop_.give_buffer(std::move(rest_));
    rest_.clear();
    rest_at_ = 0;
  }
  if (poured)
    go_on();
  else
    hand_over(size);
}

std::size_t stream_state::pour_out(std::span<char> bytes) {
  // Kept for the call, in which it may let go of the stream.
  const auto reader = poured_;
  try {
    return reader->on_bytes(bytes);
  } catch (...) {
    // Nobody knows how far it came.
    fail(boost::asio::error::no_memory);
    throw;
  }
}

std::size_t stream_state::copy_in(std::span<const char> bytes) {
  const auto size = std::min(into_.size(), bytes.size());
  std::memcpy(into_.data(), bytes.data(), size);
  return size;
}

void stream_state::hand_over(std::size_t size) {
  if (observer_ != nullptr)
    observer_->on_input({static_cast<const char*>(into_.data()), size});
  if (reader_)
    io_operation::complete(std::move(reader_), {}, size);
}

void stream_state::wait_readable() {
  if (std::exchange(reading_, true))
    return;
  socket_.async_wait(boost::asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](error_code failure) {
                       self->reading_ = false;
                       if (failure) {
                         if (failure != boost::asio::error::operation_aborted)
                           self->fail(failure);
                       } else if (self->finishing_) {
                         self->discard();
                       } else if (self->wants_bytes()) {
                         self->on_readable();
                       }
                     });
}

void stream_state::on_readable() {
  const auto room = loop_.scratch();
  const auto got = ::recv(socket_.native_handle(), room.data(), room.size(), MSG_DONTWAIT);
  more_waits_ = got == static_cast<ssize_t>(room.size());
  if (got > 0) {
    on_bytes(room.first(static_cast<std::size_t>(got)));
  } else if (got == 0) {
    ended_ = true;
    give();
  } else if (errno == EAGAIN || errno == EINTR) {
    wait_readable();
  } else {
    fail(last_error());
  }
}

void stream_state::on_bytes(std::span<char> bytes) {
  if (tls_) {
    const bool good = tls_->receive({bytes.data(), bytes.size()}, rest_, cipher_);
    mark();
    if (!good)
      fail(boost::asio::error::connection_aborted);
    else if (tls_->ended())
      ended_ = true;
    give();
    return;
  }
  const bool poured = poured_ != nullptr;
  const auto size = poured ? pour_out(bytes) : copy_in(bytes);
  if (size < bytes.size() && !failure_ && !finishing_) {
    rest_ = loop_.take_buffer();
    rest_.assign(bytes.data() + size, bytes.size() - size);
  }
  if (poured)
    go_on();
  else
    hand_over(size);
}

} // namespace muster
