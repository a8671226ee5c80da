// What is written: gathered, and given to the kernel at the end of the turn or at once.

#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace muster {

namespace {

using boost::asio::ip::tcp;

/// What is so long goes to the kernel at once, from where it lies and without a copy: with 1 KiB to
/// 100, eight in a frame, a delivery costs a tenth less. All else is gathered: from 1 KiB on, a
/// client with four requests of that size in flight would cost a third more.
constexpr std::size_t long_output = 4096;

/// From here on what was sent is cut off the front of a buffer that never gets empty.
constexpr std::size_t compact_from = 65536;

} // namespace

void stream_state::take(std::string_view bytes, bool beginning) {
  if (muted_)
    return;
  append(bytes);
  if (beginning && observer_ != nullptr)
    observer_->on_output(bytes);
}

void stream_state::taken(std::size_t bytes, std::unique_ptr<io_operation> writer) {
  if (failure_ || finishing_) {
    const auto why = failure_ ? failure_ : error_code{boost::asio::error::operation_aborted};
    settle_later(std::move(writer), why, 0);
  } else if (queued() > high_water) {
    writer_ = std::move(writer);
    writer_bytes_ = bytes;
  } else {
    settle_later(std::move(writer), {}, bytes);
  }
}

void stream_state::append(std::string_view bytes, std::span<const std::string_view> more) {
  if (muted_ || failure_ || finishing_)
    return;
  auto size = bytes.size();
  for (const auto piece : more)
    size += piece.size();
  // Who waits for room is told at the end of the turn: it may be the one who writes.
  const bool at_once = size >= long_output && !dirty_ && !wants_room_ && !writer_;
  const auto gone = at_once ? send_now(bytes, more) : 0;
  if (failure_)
    return;
  if (gone < size) {
    keep(bytes, more, size, gone);
    if (at_once && gone == 0)
      flush();
  }
  // What follows in this turn is gathered.
  mark();
}

// All of `size` bytes but the first `gone`.
void stream_state::keep(std::string_view bytes, std::span<const std::string_view> more,
                        std::size_t size, std::size_t gone) {
  try {
    if (out_.empty())
      out_ = loop_.take_buffer();
    const auto all = out_.size() + size - gone;
    if (all > out_.capacity())
      out_.reserve(std::max(all, 2 * out_.capacity()));
  } catch (...) {
    // Nothing may follow half of a frame.
    if (gone > 0)
      fail(boost::asio::error::no_memory);
    throw;
  }
  const auto add = [&](std::string_view piece) {
    const auto cut = std::min(gone, piece.size());
    gone -= cut;
    out_.append(piece.substr(cut));
  };
  add(bytes);
  for (const auto piece : more)
    add(piece);
}

// Past the buffer, when there is nothing before it; returns how much the kernel has taken.
std::size_t stream_state::send_now(std::string_view bytes, std::span<const std::string_view> more) {
  constexpr std::size_t most_pieces = 16;
  if (tls_ || writing_ || !out_.empty() || more.size() >= most_pieces || !socket_.is_open())
    return 0;
  std::array<iovec, most_pieces> pieces;
  std::size_t count = 0;
  const auto add = [&](std::string_view piece) {
    pieces[count++] = {const_cast<char*>(piece.data()), piece.size()};
  };
  add(bytes);
  for (const auto piece : more)
    add(piece);
  msghdr message{};
  message.msg_iov = pieces.data();
  message.msg_iovlen = count;
  const auto done = ::sendmsg(socket_.native_handle(), &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (done < 0 && errno != EAGAIN && errno != EINTR)
    fail(last_error());
  return done > 0 ? static_cast<std::size_t>(done) : 0;
}

void stream_state::mark() {
  if (!std::exchange(dirty_, true))
    loop_.flush_later(shared_from_this());
}

void stream_state::flush() {
  dirty_ = false;
  if (writing_ || failure_ || !socket_.is_open())
    return;
  if (tls_ && tls_->ready() && !out_.empty()) {
    if (!tls_->encrypt(out_, cipher_)) {
      fail(boost::asio::error::connection_aborted);
      return;
    }
    loop_.give_buffer(std::move(out_));
    out_.clear();
  }
  if (send())
    after_send();
}

bool stream_state::send() {
  auto& next = tls_ ? cipher_ : out_;
  if (sent_ == next.size())
    return true;
  const auto size = next.size() - sent_;
  const auto done =
      ::send(socket_.native_handle(), next.data() + sent_, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (done < 0 && errno != EAGAIN && errno != EINTR) {
    fail(last_error());
    return false;
  }
  if (done > 0)
    sent_ += static_cast<std::size_t>(done);
  if (sent_ == next.size()) {
    loop_.give_buffer(std::move(next));
    next.clear();
    next.shrink_to_fit();
    sent_ = 0;
    return true;
  }
  if (sent_ >= compact_from && sent_ > next.size() / 2) {
    next.erase(0, sent_);
    sent_ = 0;
  }
  wait_writable();
  return true;
}

void stream_state::wait_writable() {
  writing_ = true;
  socket_.async_wait(tcp::socket::wait_write, [self = shared_from_this()](error_code failure) {
    self->writing_ = false;
    if (!failure)
      self->flush();
    else if (failure != boost::asio::error::operation_aborted)
      self->fail(failure);
  });
}

void stream_state::after_send() {
  if (queued() < high_water / 2) {
    if (writer_)
      settle_later(std::move(writer_), {}, writer_bytes_);
    if (wants_room_ && observer_ != nullptr) {
      wants_room_ = false;
      observer_->on_room();
    }
  }
  if (finishing_ && queued() == 0)
    say_end();
}

} // namespace muster
