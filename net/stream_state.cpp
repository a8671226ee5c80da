#include "net/stream_state.hpp"

#include <boost/asio/error.hpp>

#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace muster {

namespace {

using boost::asio::ip::tcp;

/// How long a peer may take to read the last of what it gets, and then to close its end.
constexpr auto patience_to_send = std::chrono::seconds{5};
constexpr auto patience_to_close = std::chrono::seconds{2};

/// What is so long goes to the kernel at once, from where it lies and without a copy: with 1 KiB to
/// 100, eight in a frame, a delivery costs a tenth less. All else is gathered: from 1 KiB on, a
/// client with four requests of that size in flight would cost a third more.
constexpr std::size_t long_output = 4096;

/// From here on what was sent is cut off the front of a buffer that never gets empty.
constexpr std::size_t compact_from = 65536;

boost::system::error_code last_error() {
  return {errno, boost::system::system_category()};
}

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

// ---- reading ----

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
  socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code failure) {
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

// ---- writing ----

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
    keep(bytes, more, gone);
    if (at_once && gone == 0)
      flush();
  }
  // What follows in this turn is gathered.
  mark();
}

// All but the first `gone` bytes.
void stream_state::keep(std::string_view bytes, std::span<const std::string_view> more,
                        std::size_t gone) {
  try {
    if (out_.empty())
      out_ = loop_.take_buffer();
    auto size = out_.size() + bytes.size();
    for (const auto piece : more)
      size += piece.size();
    if (size - gone > out_.capacity())
      out_.reserve(std::max(size - gone, 2 * out_.capacity()));
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

// ---- the end ----

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
