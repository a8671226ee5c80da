#include "net/tls.hpp"

#include "net/gates.hpp"
#include "tests/catch.hpp"
#include "tests/net/open_gates.hpp"
#include "tests/net/own_certificate.hpp"

#include <openssl/ssl.h>

using namespace muster;
using test::client_frame;

namespace {

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

struct secure_gates : test::open_gates {
  secure_gates() {
    testee.open({"secure", {"127.0.0.1", 0}, certificate.files, false});
    testee.publish({{"secure", "/api", {}, channel}});
    settle();
  }
  test::own_certificate certificate;
};

} // namespace

TEST_CASE_METHOD(secure_gates, "a WebSocket over TLS echoes, and says how it is secured") {
  tls_client client{port("secure")};
  REQUIRE(client.connected);
  client.send(test::upgrade_request("/api"));
  CHECK(client.read_head().starts_with("HTTP/1.1 101 "));
  const std::string text(60000, 't');
  for (int i = 0; i < 20; ++i) {
    client.send(client_frame(1, text));
    CHECK(client.read(text.size() + 4).substr(4) == text);
  }
  CHECK(play->last_arrival->tls.starts_with("TLSv1.3 TLS_"));
  client.send(test::close_frame(1000));
  CHECK(client.read(4).size() == 4);
  CHECK(client.ended_properly());
}

TEST_CASE_METHOD(secure_gates, "TLS 1.2 is spoken, older versions are not") {
  CHECK(tls_client{port("secure"), TLS1_2_VERSION}.connected);
  CHECK(!tls_client{port("secure"), TLS1_1_VERSION}.connected);
}

TEST_CASE_METHOD(secure_gates, "what is no TLS is not talked to") {
  test::raw_client client{port("secure")};
  client.send(test::upgrade_request("/api"));
  CHECK(client.read_all().find("HTTP") == std::string::npos);
}

TEST_CASE_METHOD(secure_gates, "certificates are read again without dropping connections") {
  tls_client before{port("secure")};
  before.send(test::upgrade_request("/api"));
  before.read_head();
  CHECK(!testee.reload_tls());
  tls_client after{port("secure")};
  CHECK(after.connected);
  before.send(client_frame(1, "still here"));
  CHECK(before.read(12).substr(2) == "still here");
}
