#include "net/tls.hpp"

#include "net/gates.hpp"
#include "tests/catch.hpp"
#include "tests/net/open_gates.hpp"
#include "tests/net/own_certificate.hpp"
#include "tests/net/tls_client.hpp"

using namespace muster;
using test::client_frame;
using test::tls_client;

namespace {

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
