// The sockets of a worker: connecting, writing, reading, closing.

#include "bench/wsload/clock.hpp"
#include "bench/wsload/worker.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace muster::bench {
namespace {

void set_option(int fd, int level, int option) {
  const int one = 1;
  ::setsockopt(fd, level, option, &one, sizeof one);
}

int connect_to(int fd, const sockaddr_in& address) {
  return ::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address);
}

sockaddr_in address_of(const options& settings) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(settings.port));
  if (::inet_pton(AF_INET, settings.host.c_str(), &address.sin_addr) != 1)
    throw unusable{"--url wants an IPv4 address: " + settings.host};
  return address;
}

std::string failure(const char* what, int error) {
  return what + std::string{std::strerror(error)};
}

} // namespace

void worker::connect_more() {
  if (settings_.mode == load_mode::churn) {
    for (auto& each : clients_)
      if (each.state == client_state::closed && may_begin())
        start_connect(each);
    return;
  }
  const int burst = std::max(1, settings_.burst / settings_.threads);
  while (next_ < clients_.size() && opening_ < burst)
    start_connect(clients_[next_++]);
}

// Churn: whether one more is due.
bool worker::may_begin() {
  if (settings_.rate <= 0)
    return true;
  const auto now = now_ns();
  if (next_cycle_ == 0)
    next_cycle_ = now;
  if (next_cycle_ > now)
    return false;
  next_cycle_ += static_cast<std::int64_t>(1e9 * settings_.threads / settings_.rate);
  return true;
}

void worker::start_connect(client& by) {
  by.fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (by.fd < 0)
    throw unusable{failure("socket: ", errno) + " (see ulimit -n)"};
  set_option(by.fd, IPPROTO_TCP, TCP_NODELAY);
  if (settings_.src_ips > 0)
    bind_source(by);
  by.state = client_state::connecting;
  by.step = 0;
  by.in.clear();
  by.out.clear();
  by.parts.clear();
  by.fragments.clear();
  by.out_at = 0;
  by.started = now_ns();
  ++opening_;
  if (connect_to(by.fd, address_of(settings_)) < 0 && errno != EINPROGRESS)
    return fail(by, failure("connect: ", errno));
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &by;
  ::epoll_ctl(epoll_, EPOLL_CTL_ADD, by.fd, &event);
}

// More source addresses, to have more than 28,000 ports.
void worker::bind_source(client& by) {
  set_option(by.fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
  sockaddr_in source{};
  source.sin_family = AF_INET;
  source.sin_addr.s_addr =
      htonl(0x7f000001u + next_source_++ % static_cast<std::uint32_t>(settings_.src_ips));
  if (::bind(by.fd, reinterpret_cast<const sockaddr*>(&source), sizeof source) < 0)
    throw unusable{failure("bind: ", errno)};
}

void worker::on_connected(client& by) {
  int error = 0;
  socklen_t size = sizeof error;
  ::getsockopt(by.fd, SOL_SOCKET, SO_ERROR, &error, &size);
  if (error != 0)
    return fail(by, failure("connect: ", error));
  if (protocol_->websocket()) {
    by.state = client_state::handshake;
    by.out += request_head_;
  } else {
    by.state = client_state::greeting;
    protocol_->open(*this, by);
  }
  write_out(by);
}

// Churn: a Close frame, then the server's, then a reset, so that no TIME_WAIT is left.
void worker::start_close(client& by) {
  by.state = client_state::closing;
  if (settings_.abort_close || !protocol_->websocket())
    return drop(by);
  append_frame(by.out, opcode::close, by.mask, 2,
               [](std::string& out) { out.append("\x03\xe8", 2); });
  mark_dirty(by);
}

void worker::drop(client& by) {
  if (by.fd >= 0) {
    const linger at_once{1, 0};
    ::setsockopt(by.fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(by.fd);
  }
  by.fd = -1;
  by.state = client_state::closed;
  by.out.clear();
  by.out_at = 0;
}

void worker::fail(client& by, const std::string& why) {
  if (by.state == client_state::closed)
    return;
  const bool was_ready = by.state == client_state::ready;
  if (!was_ready && by.state != client_state::closing)
    --opening_;
  drop(by);
  if (settings_.mode == load_mode::churn)
    control_.failed.fetch_add(1);
  else if (phase() < run_phase::stop)
    (was_ready ? control_.dropped : control_.failed).fetch_add(1);
  if (complaints_++ < 3)
    std::fprintf(stderr, "wsload: connection %u: %s\n", by.i, why.c_str());
}

void worker::flush() {
  for (std::size_t k = 0; k < dirty_.size(); ++k) { // may grow while it runs
    auto& to = *dirty_[k];
    to.dirty = false;
    if (to.fd >= 0 && to.state != client_state::connecting)
      write_out(to);
  }
  dirty_.clear();
}

void worker::write_out(client& to) {
  while (to.out_at < to.out.size()) {
    const auto sent =
        ::send(to.fd, to.out.data() + to.out_at, to.out.size() - to.out_at, MSG_NOSIGNAL);
    if (sent < 0) {
      if (errno != EAGAIN)
        fail(to, failure("send: ", errno));
      return; // epoll says when to go on
    }
    to.out_at += static_cast<std::size_t>(sent);
  }
  to.out.clear();
  to.out_at = 0;
  if (settings_.mode == load_mode::idle && to.state == client_state::ready)
    std::string{}.swap(to.out);
}

void worker::on_events(client& at, std::uint32_t events) {
  if (at.fd < 0)
    return;
  const auto broken = EPOLLERR | EPOLLHUP;
  if (at.state == client_state::connecting && (events & (EPOLLOUT | broken)) != 0)
    on_connected(at);
  else if ((events & EPOLLOUT) != 0 && at.out_at < at.out.size())
    write_out(at);
  if (at.fd >= 0 && (events & (EPOLLIN | EPOLLRDHUP | broken)) != 0)
    read_in(at);
}

void worker::read_in(client& from) {
  for (;;) {
    const auto had = from.in.size();
    if (had + 64 * 1024 > buffer_.size())
      buffer_.resize(had + 256 * 1024);
    std::memcpy(buffer_.data(), from.in.data(), had);
    const auto space = buffer_.size() - had;
    const auto got = ::recv(from.fd, buffer_.data() + had, space, 0);
    if (got < 0) {
      if (errno != EAGAIN)
        on_closed(from, std::strerror(errno));
      return;
    }
    if (got == 0)
      return on_closed(from, "closed by the server");
    const auto count = static_cast<std::size_t>(got);
    std::string_view in(buffer_.data(), had + count);
    try {
      consume(from, in, now_ns());
    } catch (const std::exception& error) {
      return fail(from, error.what());
    }
    if (from.fd < 0)
      return;
    from.in.assign(in);
    if (in.empty() && settings_.mode == load_mode::idle)
      std::string{}.swap(from.in);
    if (count < space)
      return; // drained; epoll tells of more
  }
}

void worker::on_closed(client& by, const char* why) {
  if (by.state == client_state::closing)
    return drop(by);
  fail(by, why);
}

bool worker::on_upgraded(client& by, std::string_view& in) {
  const auto end = in.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return false;
  if (!in.starts_with("HTTP/1.1 101"))
    throw std::runtime_error("refused: " + std::string{in.substr(0, in.find('\r'))});
  in.remove_prefix(end + 4);
  by.state = client_state::greeting;
  protocol_->open(*this, by);
  return true;
}

void worker::consume(client& from, std::string_view& in, std::int64_t now) {
  if (from.state == client_state::handshake && !on_upgraded(from, in))
    return;
  if (!protocol_->websocket())
    return protocol_->bytes(*this, from, in, now);
  while (from.fd >= 0) {
    const auto part = take_frame(in);
    if (!part)
      return;
    if (part->op >= opcode::close)
      on_control(from, *part);
    else if (from.state != client_state::closing)
      on_message(from, *part, now);
  }
}

void worker::on_message(client& from, const frame& part, std::int64_t now) {
  constexpr std::size_t mask_size = 4;
  if (measuring() && from.role != client_role::publisher)
    results_.bytes_in += header_size(part.payload.size()) - mask_size + part.payload.size();
  if (part.fin && part.op != opcode::cont)
    return protocol_->message(*this, from, part.payload, now);
  from.fragments += part.payload;
  if (!part.fin)
    return;
  protocol_->message(*this, from, from.fragments, now);
  from.fragments.clear();
}

void worker::on_control(client& from, const frame& control) {
  if (control.op == opcode::ping) {
    append_frame(from.out, opcode::pong, from.mask, control.payload.size(),
                 [&](std::string& out) { out += control.payload; });
    mark_dirty(from);
  } else if (control.op == opcode::close) {
    if (from.state == client_state::closing)
      return drop(from);
    int code = 0;
    for (const char byte : control.payload.substr(0, 2))
      code = code << 8 | static_cast<std::uint8_t>(byte);
    fail(from, "close frame, code " + std::to_string(code));
  }
}

} // namespace muster::bench
