#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace muster::test {

/// A frame as a server sends it.
struct server_frame {
  unsigned opcode = 0;
  bool final = false;
  std::string payload;
  /// Of a Close.
  unsigned code() const {
    return payload.size() < 2 ? 0U
                              : static_cast<unsigned char>(payload[0]) * 256U
                                    + static_cast<unsigned char>(payload[1]);
  }
  std::string reason() const { return payload.size() < 2 ? "" : payload.substr(2); }
};

/// A blocking socket of a client that says what the test wants, right or wrong.
class raw_client {
public:
  explicit raw_client(std::uint16_t port, int receive_buffer = 0)
      : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
    const timeval patience{10, 0};
    setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (receive_buffer != 0)
      setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error{"cannot connect"};
  }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  ~raw_client() { hang_up(); }

  int descriptor() const { return socket_; }

  void hang_up() {
    if (socket_ >= 0)
      ::close(socket_);
    socket_ = -1;
  }

  /// Ends the connection with a reset.
  void reset() {
    const linger at_once{1, 0};
    setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    hang_up();
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  /// The next bytes; fewer when the connection ends before.
  std::string read(std::size_t size) {
    while (buffer_.size() < size && fill()) {
    }
    const auto got = buffer_.substr(0, size);
    buffer_.erase(0, got.size());
    return got;
  }

  /// Up to and with the mark.
  std::string read_until(std::string_view mark) {
    while (buffer_.find(mark) == std::string::npos && fill()) {
    }
    const auto at = buffer_.find(mark);
    return read(at == std::string::npos ? buffer_.size() : at + mark.size());
  }

  std::string read_all() {
    while (fill()) {
    }
    return std::exchange(buffer_, {});
  }

  /// Whether the server has ended the connection, with nothing more to read.
  bool at_end() { return buffer_.empty() && !fill(); }

  server_frame read_frame() {
    const auto head = read(2);
    if (head.size() < 2)
      return {};
    server_frame frame{static_cast<unsigned char>(head[0]) & 0x0fU, (head[0] & 0x80) != 0, {}};
    std::uint64_t size = static_cast<unsigned char>(head[1]);
    if (size >= 126) {
      const auto extra = read(size == 126 ? 2 : 8);
      size = 0;
      for (const char c : extra)
        size = size << 8 | static_cast<unsigned char>(c);
    }
    frame.payload = read(size);
    return frame;
  }

private:
  bool fill() {
    char piece[65536];
    const auto got = recv(socket_, piece, sizeof piece, 0);
    if (got <= 0)
      return false;
    buffer_.append(piece, static_cast<std::size_t>(got));
    return true;
  }

  int socket_;
  std::string buffer_;
};

/// A frame as a client sends it, masked.
inline std::string client_frame(unsigned opcode, std::string_view payload, bool final = true) {
  std::string frame;
  frame += static_cast<char>(opcode | (final ? 0x80U : 0U));
  const auto size = payload.size();
  const std::size_t extra = size < 126 ? 0 : size < 65536 ? 2 : 8;
  frame += static_cast<char>(0x80U | (extra == 0 ? size : extra == 2 ? 126 : 127));
  for (std::size_t i = 0; i < extra; ++i)
    frame += static_cast<char>(size >> (8 * (extra - 1 - i)));
  const std::string mask{"\x11\x22\x33\x44"};
  frame += mask;
  for (std::size_t i = 0; i < size; ++i)
    frame += static_cast<char>(payload[i] ^ mask[i % 4]);
  return frame;
}

inline std::string close_frame(unsigned code, std::string_view reason = {}) {
  std::string payload{static_cast<char>(code >> 8), static_cast<char>(code)};
  return client_frame(8, payload.append(reason));
}

} // namespace muster::test
