#pragma once

#include "tests/net/raw_client.hpp"

#include <openssl/ssl.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace muster::test {

/// OpenSSL's own blocking client on the test's socket.
class tls_client {
public:
  tls_client(std::uint16_t port, int highest = TLS1_3_VERSION) : socket_{port} {
    SSL_CTX_set_max_proto_version(context_.get(), highest);
    SSL_CTX_set_security_level(context_.get(), 0);
    session_.reset(SSL_new(context_.get()));
    SSL_set_fd(session_.get(), socket_.descriptor());
    connected = SSL_connect(session_.get()) == 1;
  }

  void send(std::string_view bytes) {
    SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
  }
  std::string read(std::size_t size) {
    std::string got;
    char piece[16384];
    while (got.size() < size) {
      const auto want = std::min(sizeof piece, size - got.size());
      const int count = SSL_read(session_.get(), piece, static_cast<int>(want));
      if (count <= 0)
        break;
      got.append(piece, static_cast<std::size_t>(count));
    }
    return got;
  }
  std::string read_head() {
    std::string got;
    while (!got.ends_with("\r\n\r\n")) {
      const auto more = read(1);
      if (more.empty())
        break;
      got += more;
    }
    return got;
  }
  bool ended_properly() {
    char piece[1];
    const int count = SSL_read(session_.get(), piece, 1);
    return SSL_get_error(session_.get(), count) == SSL_ERROR_ZERO_RETURN;
  }

  bool connected = false;

private:
  test::raw_client socket_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{SSL_CTX_new(TLS_client_method()),
                                                             SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> session_{nullptr, SSL_free};
};

} // namespace muster::test
