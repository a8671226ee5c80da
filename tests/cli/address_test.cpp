#include "cli/channel_address.hpp"
#include "cli/failure.hpp"
#include "cli/websocket_client.hpp"
#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

using namespace muster;

namespace {

const auto node = boost::json::parse(R"({"listeners":[
  {"name":"default","address":"127.0.0.1:8080","tls":false},
  {"name":"public","address":"0.0.0.0:443","tls":true},
  {"name":"six","address":"[::]:9000","tls":false}]})");

std::string url_on(const char* listener, const std::string& host = "example.org") {
  return channel_url({{"listener", listener}, {"path", "/open"}}, node, host);
}

} // namespace

TEST_CASE("a channel's URL is made of its listener and its path") {
  CHECK(url_on("default") == "ws://127.0.0.1:8080/open");
  CHECK(url_on("public") == "wss://example.org:443/open");
  CHECK(url_on("six") == "ws://example.org:9000/open");
  CHECK(url_on("six", "::1") == "ws://[::1]:9000/open");
  CHECK_THROWS_AS(url_on("none"), failure);
}

TEST_CASE("the address of a WebSocket is taken apart with its path as it stands") {
  const auto plain = parse_websocket_url("ws://127.0.0.1:8080/a/b/?c=/d");
  REQUIRE(plain);
  CHECK(!plain->secure);
  CHECK(plain->host == "127.0.0.1");
  CHECK(plain->port == "8080");
  CHECK(plain->path == "/a/b/?c=/d");
  const auto secure = parse_websocket_url("wss://[::1]");
  REQUIRE(secure);
  CHECK(secure->secure);
  CHECK(secure->host == "::1");
  CHECK(secure->port == "443");
  CHECK(secure->path.empty());
  for (const auto* text : {"", "http://a", "ws://", "ws:///path", "ws://a:x/", "a:1"})
    CHECK(!parse_websocket_url(text));
}
