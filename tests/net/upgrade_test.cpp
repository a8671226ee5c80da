#include "net/upgrade_request.hpp"

#include "tests/catch.hpp"
#include "tests/net/open_gates.hpp"

using namespace muster;
using test::open_gates;
using test::upgrade_request;

namespace {

struct at_the_door : open_gates {
  /// The whole answer to one who says this.
  std::string answer(const std::string& request) {
    test::raw_client client{port()};
    client.send(request);
    return client.read_all();
  }
};

std::string without(std::string request, const std::string& line) {
  const auto at = request.find(line);
  return request.erase(at, request.find("\r\n", at) + 2 - at);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE_METHOD(at_the_door, "a right upgrade is answered as the protocol has it") {
  test::raw_client client{port()};
  client.send(upgrade_request("/api?a=b", "Sec-WebSocket-Protocol: chat, muster.v1\r\n"));
  const auto head = client.read_until("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 101 Switching Protocols\r\n"));
  CHECK(has(head, "\r\nUpgrade: websocket\r\n"));
  CHECK(has(head, "\r\nConnection: Upgrade\r\n"));
  CHECK(has(head, "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
  CHECK(has(head, "\r\nServer: muster/test\r\n"));
  CHECK(has(head, "\r\nSec-WebSocket-Protocol: muster.v1\r\n"));
  CHECK(!has(head, "Extensions"));
}

TEST_CASE_METHOD(at_the_door, "a subprotocol that is not ours is not chosen") {
  test::raw_client client{port()};
  client.send(upgrade_request("/api", "Sec-WebSocket-Protocol: chat\r\n"));
  const auto head = client.read_until("\r\n\r\n");
  CHECK(head.starts_with("HTTP/1.1 101 "));
  CHECK(!has(head, "Sec-WebSocket-Protocol"));
}

TEST_CASE_METHOD(at_the_door, "paths that no channel has are not found") {
  for (const auto* path : {"/", "/ap", "/api/", "/API", "/%61pi"}) {
    const auto text = answer(upgrade_request(path));
    CHECK(text.starts_with("HTTP/1.1 404 "));
    CHECK(text.ends_with("\r\n\r\n{\"error\":\"Not found\"}"));
    CHECK(has(text, "Content-Type: application/json\r\n"));
  }
  CHECK(answer("GET /other HTTP/1.1\r\nHost: a\r\n\r\n").starts_with("HTTP/1.1 404 "));
}

TEST_CASE_METHOD(at_the_door, "requests that are no right upgrade are bad ones") {
  const auto good = upgrade_request("/api");
  const std::vector<std::string> bad{
      "GET /api HTTP/1.1\r\nHost: a\r\n\r\n",
      "POST" + good.substr(3),
      without(good, "Upgrade:"),
      without(good, "Connection:"),
      without(good, "Sec-WebSocket-Version:"),
      without(good, "Sec-WebSocket-Version:")
          .insert(good.find("Upgrade:"), "Sec-WebSocket-Version: 8\r\n"),
      without(good, "Sec-WebSocket-Key:"),
      without(good, "Host:"),
      upgrade_request("/api", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"),
      without(good, "Sec-WebSocket-Key:")
          .insert(good.find("Upgrade:"), "Sec-WebSocket-Key: c2hvcnQ=\r\n"),
      without(good, "Sec-WebSocket-Key:")
          .insert(good.find("Upgrade:"), "Sec-WebSocket-Key: !!!!IHNhbXBsZSBub25jZQ==\r\n"),
      upgrade_request("/api", "Host: other\r\n"),
      upgrade_request("/api", "X-Folded: a\r\n b\r\n"),
      upgrade_request("/api", "X-Bare: a\rb\r\n"),
      upgrade_request("/api", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"),
  };
  for (const auto& request : bad) {
    const auto text = answer(request);
    CHECK(text.starts_with("HTTP/1.1 400 "));
    CHECK(has(text, "\r\nSec-WebSocket-Version: 13\r\n"));
    CHECK(text.ends_with("{\"error\":\"Bad request\"}"));
  }
}

TEST_CASE_METHOD(at_the_door, "a head over 16 KiB is too large, one of 16 KiB is not") {
  const auto padded = [](std::size_t size) {
    const auto bare = upgrade_request("/api", "X-Pad: \r\n").size();
    return upgrade_request("/api", "X-Pad: " + std::string(size - bare, 'p') + "\r\n");
  };
  CHECK(answer(padded(16385)).starts_with("HTTP/1.1 431 "));
  CHECK(answer("GET /" + std::string(20000, 'l')).starts_with("HTTP/1.1 431 "));
  test::raw_client client{port()};
  client.send(padded(16384));
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
}

TEST_CASE_METHOD(at_the_door, "foreign origins are forbidden where a channel lists its own") {
  CHECK(answer(upgrade_request("/web", "Origin: https://evil.test\r\n"))
            .starts_with("HTTP/1.1 403 "));
  for (const auto* line : {"Origin: https://a.b\r\n", ""}) {
    test::raw_client client{port()};
    client.send(upgrade_request("/web", line));
    CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  }
}

TEST_CASE_METHOD(at_the_door, "a channel that refuses is told with the right status") {
  play->refusal = errc::unavailable;
  const auto full = answer(upgrade_request("/api"));
  CHECK(full.starts_with("HTTP/1.1 503 "));
  CHECK(has(full, "\r\nRetry-After: "));
  play->refusal = errc::channel_inactive;
  CHECK(answer(upgrade_request("/api")).starts_with("HTTP/1.1 404 "));
}

TEST_CASE_METHOD(at_the_door, "while draining nobody is let in") {
  testee.drain(true);
  CHECK(answer(upgrade_request("/api")).starts_with("HTTP/1.1 503 "));
}

TEST_CASE_METHOD(at_the_door, "before the channels are there a client is told to come again") {
  testee.drain(true);
  testee.publish({});
  CHECK(answer(upgrade_request("/api")).starts_with("HTTP/1.1 503 "));
}

TEST_CASE_METHOD(at_the_door, "a request in pieces is one request, and frames may follow at once") {
  test::raw_client client{port()};
  const auto request = upgrade_request("/api") + test::client_frame(1, "early");
  for (const char& each : request)
    client.send({&each, 1});
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  CHECK(client.read_frame().payload == "early");
}

TEST_CASE_METHOD(at_the_door, "the arrival tells where the connection came from") {
  test::raw_client client{port()};
  client.send(upgrade_request("/api", "User-Agent: probe/1\r\nX-Forwarded-For: 192.0.2.7\r\n"));
  client.read_until("\r\n\r\n");
  REQUIRE(play->log.has("opened"));
  const auto from = play->last_arrival;
  CHECK(from->id.size() == 27);
  CHECK(from->id.starts_with("ws."));
  CHECK(from->remote.ip == "127.0.0.1");
  CHECK(from->local.port == port());
  CHECK(from->user_agent == "probe/1");
  CHECK(from->forwarded_for == "192.0.2.7");
  CHECK(from->tls.empty());
}

TEST_CASE_METHOD(at_the_door, "the PROXY protocol is understood where a listener expects it") {
  REQUIRE(!testee.open({"proxied", {"127.0.0.1", 0}, std::nullopt, true}));
  testee.publish({{"proxied", "/api", {}, channel}});
  settle();
  test::raw_client client{port("proxied")};
  client.send("PROXY TCP4 192.0.2.9 127.0.0.1 4000 80\r\n" + upgrade_request("/api"));
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  REQUIRE(play->log.has("opened"));
  CHECK(play->last_arrival->remote.ip == "127.0.0.1");
  CHECK(play->last_arrival->forwarded_for == "192.0.2.9");
  test::raw_client direct{port("proxied")};
  direct.send(upgrade_request("/api"));
  CHECK(direct.at_end());
}

TEST_CASE("a WebSocket key is the base64 of 16 bytes") {
  CHECK(is_websocket_key("dGhlIHNhbXBsZSBub25jZQ=="));
  CHECK(!is_websocket_key(""));
  CHECK(!is_websocket_key("dGhlIHNhbXBsZSBub25jZQ="));
  CHECK(!is_websocket_key("dGhlIHNhbXBsZSBub25jZR=="));
  CHECK(!is_websocket_key("dGhlIHNhbXBsZSBub25jZQAA"));
  CHECK(!is_websocket_key("dGhl HNhbXBsZSBub25jZQ=="));
}
