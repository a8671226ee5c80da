#include "net/http_head.hpp"

#include "tests/catch.hpp"

using namespace muster;
using outcome = head_result::outcome;

namespace {

head_result parse(const std::string& text) {
  return parse_http_head(text);
}

std::uint16_t refusal(const std::string& text) {
  auto result = parse(text);
  return result.state == outcome::bad ? result.status : std::uint16_t{0};
}

std::string with(const std::string& fields) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n";
}

} // namespace

TEST_CASE("a plain head is taken apart") {
  std::string text = "GET /a%20b/c?x=1&y={2} HTTP/1.1\r\nHost: example.org:80\r\n"
                     "Accept:  text/html \r\nX-Empty:\r\n\r\nrest";
  auto result = parse(text);
  REQUIRE(result.state == outcome::done);
  CHECK(result.consumed == text.size() - 4);
  CHECK(result.head.method == "GET");
  CHECK(result.head.path == "/a%20b/c");
  CHECK(result.head.query == "x=1&y={2}");
  CHECK(result.head.minor_version == 1);
  CHECK(result.head.header("accept") == "text/html");
  CHECK(result.head.count("x-empty") == 1);
  CHECK(result.head.header("x-empty").empty());
  CHECK(result.head.keeps_alive());
  CHECK_FALSE(result.head.content_length);
}

TEST_CASE("a head may come byte by byte") {
  std::string text = "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n";
  std::size_t scanned = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto result = parse_http_head(std::string_view{text}.substr(0, i), scanned);
    REQUIRE(result.state == outcome::need_more);
    scanned = result.scanned;
  }
  auto result = parse_http_head(text, scanned);
  REQUIRE(result.state == outcome::done);
  CHECK(result.consumed == text.size());
}

TEST_CASE("the absolute form means its path") {
  auto result = parse("GET http://a.example/p?q HTTP/1.1\r\nHost: a.example\r\n\r\n");
  REQUIRE(result.state == outcome::done);
  CHECK(result.head.path == "/p");
  CHECK(result.head.query == "q");
  CHECK(parse("GET http://a HTTP/1.1\r\nHost: a\r\n\r\n").head.path == "/");
}

TEST_CASE("an asterisk is for OPTIONS only") {
  CHECK(parse("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n").state == outcome::done);
  CHECK(refusal("GET * HTTP/1.1\r\nHost: a\r\n\r\n") == 400);
}

TEST_CASE("the length of the body is read") {
  CHECK(parse(with("Content-Length: 12\r\n")).head.content_length == 12u);
  CHECK(parse(with("Transfer-Encoding: Chunked\r\n")).head.chunked);
}

TEST_CASE("an unclear length of the body is refused") {
  CHECK(refusal(with("Content-Length: 1\r\nContent-Length: 1\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 1, 1\r\n")) == 400);
  CHECK(refusal(with("Content-Length: -1\r\n")) == 400);
  CHECK(refusal(with("Content-Length: +1\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 0x1\r\n")) == 400);
  CHECK(refusal(with("Content-Length:\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 99999999999999999999\r\n")) == 400);
  CHECK(refusal(with("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n")) == 400);
  CHECK(refusal(with("Transfer-Encoding: gzip, chunked\r\n")) == 501);
  CHECK(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400);
}

TEST_CASE("there is exactly one Host in HTTP/1.1") {
  CHECK(refusal("GET / HTTP/1.1\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: a b\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/1.1\r\nHost: u@a/p\r\n\r\n") == 400);
  CHECK(parse("GET / HTTP/1.0\r\n\r\n").state == outcome::done);
}

TEST_CASE("folding, bare line ends and control characters are refused") {
  CHECK(refusal(with("X: a\r\n b\r\n")) == 400);
  CHECK(refusal(with("X: a\r\n\tb\r\n")) == 400);
  CHECK(refusal("GET / HTTP/1.1\nHost: a\n\n") == 400);
  CHECK(refusal(with("X: a\rb\r\n")) == 400);
  CHECK(refusal(with("X: a\x01\r\n")) == 400);
  CHECK(refusal(with("X: a\x7f\r\n")) == 400);
  CHECK(refusal(with(std::string("X: a\0b\r\n", 8))) == 400);
}

TEST_CASE("a bare line feed is refused before the head is whole") {
  CHECK(refusal("GET / HTTP/1.1\n") == 400);
  CHECK(refusal("\n") == 400);
}

TEST_CASE("names of headers are tokens without blanks before the colon") {
  CHECK(refusal(with("X : a\r\n")) == 400);
  CHECK(refusal(with(": a\r\n")) == 400);
  CHECK(refusal(with("no colon\r\n")) == 400);
  CHECK(refusal(with("X(y): a\r\n")) == 400);
}

TEST_CASE("a request line is method, target and version with single blanks") {
  for (auto line :
       {"GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET\t/ HTTP/1.1",
        "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/1.1.1", "G(T / HTTP/1.1", "",
        "GET /a b HTTP/1.1", "GET /a#b HTTP/1.1", "GET /%zz HTTP/1.1", "GET /% HTTP/1.1",
        "GET /\xc3\xa4 HTTP/1.1", "GET /a\"b HTTP/1.1", "GET a HTTP/1.1", "CONNECT a:80 HTTP/1.1"})
    CHECK(refusal(std::string{line} + "\r\nHost: a\r\n\r\n") == 400);
  CHECK(refusal("GET / HTTP/2.0\r\nHost: a\r\n\r\n") == 505);
  CHECK(parse("GET / HTTP/1.7\r\nHost: a\r\n\r\n").head.minor_version == 1);
}

TEST_CASE("a head over 16 KiB is refused, whole or not") {
  auto fields = "X: " + std::string(max_http_head, 'a') + "\r\n";
  CHECK(refusal(with(fields)) == 431);
  CHECK(refusal("GET /" + std::string(max_http_head, 'a')) == 431);
  std::string fits = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
  fits += std::string(max_http_head - fits.size() - 4, 'a') + "\r\n\r\n";
  CHECK(parse(fits).state == outcome::done);
}

TEST_CASE("too many headers are refused") {
  std::string fields;
  for (int i = 0; i < 101; ++i)
    fields += "X: a\r\n";
  CHECK(refusal(with(fields)) == 431);
}

TEST_CASE("a list of tokens is searched in any case") {
  auto head = parse(with("Connection: keep-alive, Upgrade\r\nConnection: x\r\n")).head;
  CHECK(head.has_token("connection", "upgrade"));
  CHECK(head.has_token("connection", "X"));
  CHECK_FALSE(head.has_token("connection", "keep"));
  CHECK_FALSE(parse(with("Connection: Close\r\n")).head.keeps_alive());
  CHECK_FALSE(parse("GET / HTTP/1.0\r\n\r\n").head.keeps_alive());
  CHECK(parse("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").head.keeps_alive());
}
