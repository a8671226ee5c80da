#pragma once

// The least that a WebSocket server can be: one thread, epoll, no library, no checks beyond what
// reading frames needs. What is done with a frame is the handler's. A client that connects to the
// path /N gets N bytes more than it sent in every answer, or -N fewer.

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

namespace muster::bench {

inline constexpr std::size_t bare_read_size = 64 * 1024;

inline std::string accept_key(const std::string& key) {
  const auto text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest;
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 32> encoded;
  const int size = EVP_EncodeBlock(encoded.data(), digest.data(), digest.size());
  return {encoded.begin(), encoded.begin() + size};
}

/// A frame as it came: its first byte, its payload still under the mask.
struct bare_frame {
  char first;
  std::string_view masked;
  const char* mask;

  /// Appends it as a server sends it, with `more` bytes after its payload, or without its last.
  void append_to(std::string& out, std::ptrdiff_t more = 0) const {
    const auto own = static_cast<std::ptrdiff_t>(masked.size());
    const auto size = static_cast<std::size_t>(std::max<std::ptrdiff_t>(own + more, 0));
    append_header(out, size);
    const auto from = out.size();
    out += masked.substr(0, size);
    unmask(out.data() + from, out.size() - from, mask);
    out.resize(from + size, 'x');
  }

private:
  void append_header(std::string& out, std::size_t size) const {
    out += first;
    if (size < 126) {
      out += static_cast<char>(size);
      return;
    }
    const int bytes = size < 65536 ? 2 : 8;
    out += static_cast<char>(bytes == 2 ? 126 : 127);
    for (int i = bytes - 1; i >= 0; --i)
      out += static_cast<char>((size >> (8 * i)) & 255);
  }

  static void unmask(char* data, std::size_t size, const char* mask) {
    std::uint64_t twice;
    std::memcpy(&twice, mask, 4);
    std::memcpy(reinterpret_cast<char*>(&twice) + 4, mask, 4);
    for (; size >= 8; data += 8, size -= 8) {
      std::uint64_t part;
      std::memcpy(&part, data, 8);
      part ^= twice;
      std::memcpy(data, &part, 8);
    }
    for (std::size_t i = 0; i < size; ++i)
      data[i] = static_cast<char>(data[i] ^ mask[i & 3]);
  }
};

/// One connection: what came in and is no whole frame yet, what has not gone out yet.
class bare_connection {
public:
  explicit bare_connection(int fd) : fd_{fd} {}
  ~bare_connection() { ::close(fd_); }
  bare_connection(const bare_connection&) = delete;
  bare_connection& operator=(const bare_connection&) = delete;

  /// False when the connection is over.
  template <class Handler>
  bool on_readable(char* buffer, Handler& handler) {
    for (;;) {
      const auto got = ::recv(fd_, buffer, bare_read_size, 0);
      if (got < 0 && errno == EAGAIN)
        break;
      if (got <= 0)
        return false;
      in_.append(buffer, static_cast<std::size_t>(got));
      if (static_cast<std::size_t>(got) < bare_read_size)
        break; // drained; epoll tells of more
    }
    std::string_view rest = in_;
    if (!upgraded_ && !upgrade(rest))
      return true;
    while (!closing_ && take_frame(rest, handler)) {
    }
    in_.erase(0, in_.size() - rest.size());
    return write() && !closing_;
  }

  /// What is sent by the next `write`.
  std::string& out() { return out_; }
  /// How many bytes more than it sent the client wants in an answer.
  std::ptrdiff_t more() const { return more_; }

  bool write() {
    while (!out_.empty()) {
      const auto sent = ::send(fd_, out_.data(), out_.size(), MSG_NOSIGNAL);
      if (sent < 0)
        return errno == EAGAIN;
      out_.erase(0, static_cast<std::size_t>(sent));
    }
    return true;
  }

private:
  bool upgrade(std::string_view& rest) {
    const auto end = rest.find("\r\n\r\n");
    if (end == std::string_view::npos)
      return false;
    constexpr std::string_view name = "Sec-WebSocket-Key: ";
    const auto from = rest.find(name);
    if (from == std::string_view::npos)
      throw std::runtime_error("no Sec-WebSocket-Key");
    const auto value = rest.substr(from + name.size());
    if (constexpr std::string_view path = "GET /"; rest.starts_with(path))
      more_ = std::strtol(rest.data() + path.size(), nullptr, 10);
    out_ += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Accept: "
            + accept_key(std::string{value.substr(0, value.find('\r'))}) + "\r\n\r\n";
    rest.remove_prefix(end + 4);
    upgraded_ = true;
    return true;
  }

  template <class Handler>
  bool take_frame(std::string_view& rest, Handler& handler) {
    const auto byte = [&rest](std::size_t i) { return static_cast<std::uint8_t>(rest[i]); };
    if (rest.size() < 2)
      return false;
    std::size_t size = byte(1) & 127;
    const std::size_t more = size == 127 ? 8 : size == 126 ? 2 : 0;
    const std::size_t header = 2 + more + 4;
    if (rest.size() < header)
      return false;
    if (more > 0)
      size = 0;
    for (std::size_t i = 2; i < 2 + more; ++i)
      size = size << 8 | byte(i);
    if (rest.size() - header < size)
      return false;
    const bare_frame frame{rest[0], rest.substr(header, size), rest.data() + header - 4};
    closing_ = (byte(0) & 15) == 8;
    if (closing_)
      frame.append_to(out_);
    else
      handler.on_frame(*this, frame);
    rest.remove_prefix(header + size);
    return true;
  }

  int fd_;
  bool upgraded_ = false, closing_ = false;
  std::ptrdiff_t more_ = 0;
  std::string in_, out_;
};

/// Accepts and reads. The handler has `on_frame(connection, frame)`, `on_read()` after what one
/// read has brought, and `on_gone(connection)`.
template <class Handler>
class bare_server {
public:
  explicit bare_server(std::uint16_t port)
      : epoll_{::epoll_create1(EPOLL_CLOEXEC)},
        listener_{::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0)} {
    const int one = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    if (::bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0
        || ::listen(listener_, 4096) < 0)
      throw std::runtime_error(std::string{"listen: "} + std::strerror(errno));
    watch(listener_, EPOLLIN);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 512> events;
    for (;;) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i)
        on_event(events[static_cast<std::size_t>(i)]);
    }
  }

private:
  void watch(int fd, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = fd;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event);
  }

  void on_event(const epoll_event& event) {
    const int fd = event.data.fd;
    if (fd == listener_)
      return accept_all();
    const auto found = connections_.find(fd);
    if (found == connections_.end())
      return;
    auto& on = *found->second;
    bool alive = true;
    if ((event.events & EPOLLOUT) != 0)
      alive = on.write();
    if (alive && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
      alive = read_all(on);
    if (!alive) {
      handler_.on_gone(on);
      connections_.erase(found);
    }
  }

  bool read_all(bare_connection& from) {
    try {
      const bool alive = from.on_readable(buffer_.get(), handler_);
      handler_.on_read();
      return alive;
    } catch (const std::runtime_error&) {
      return false;
    }
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd < 0)
        return;
      const int one = 1;
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
      connections_[fd] = std::make_unique<bare_connection>(fd);
      // Edges: a short write needs no change of the set.
      watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
    }
  }

  Handler handler_;
  int epoll_, listener_;
  std::unordered_map<int, std::unique_ptr<bare_connection>> connections_;
  std::unique_ptr<char[]> buffer_ = std::make_unique<char[]>(bare_read_size);
};

inline void raise_file_limit() {
  rlimit limit;
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

/// The `main` of a program that is given a port.
template <class Handler>
int serve_bare(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", argv[0]);
    return 2;
  }
  raise_file_limit();
  try {
    bare_server<Handler>{static_cast<std::uint16_t>(std::atoi(argv[1]))}.run();
  } catch (const std::runtime_error& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 1;
  }
}

} // namespace muster::bench
