#include "net/chunked.hpp"

#include "tests/catch.hpp"

using namespace muster;
using outcome = chunked_reader::outcome;

namespace {

outcome read(std::string_view text, std::string& body, std::size_t limit = 1000) {
  chunked_reader testee;
  std::size_t consumed = 0;
  return testee.take(text, body, limit, consumed);
}

outcome read(std::string_view text) {
  std::string body;
  return read(text, body);
}

} // namespace

TEST_CASE("chunks are put together and the rest is left") {
  chunked_reader testee;
  std::string body;
  std::size_t consumed = 0;
  std::string text = "5 ; a=\"b\"\r\nhello\r\nA\r\n, chunked!\r\n0\r\nX: y\r\n\r\nGET /";
  CHECK(testee.take(text, body, 1000, consumed) == outcome::done);
  CHECK(body == "hello, chunked!");
  CHECK(text.substr(consumed) == "GET /");
}

TEST_CASE("what the writer makes the reader takes") {
  std::string text;
  append_chunk(text, "");
  CHECK(text.empty());
  append_chunk(text, std::string(300, 'x'));
  append_chunk(text, "y");
  text += last_chunk;
  std::string body;
  CHECK(read(text, body) == outcome::done);
  CHECK(body == std::string(300, 'x') + 'y');
}

TEST_CASE("anything else than sizes, data and line ends is refused") {
  for (auto text : {"g\r\n", "\r\n", "-1\r\n", "0x5\r\n", "5\n", "5\rx", "1\r\nab\r\n", "1 2\r\n",
                    ";x\r\n", "fffffffffffffffff\r\n", "0\r\nX\x01\r\n"})
    CHECK(read(text) == outcome::bad);
  CHECK(read(std::string(5000, '0')) == outcome::bad);
}

TEST_CASE("a body over the limit is refused before it is read") {
  std::string body;
  CHECK(read("5\r\nhello\r\n3e4\r\n", body) == outcome::too_large);
  CHECK(read("ffffffffffffffff\r\n") == outcome::too_large);
}

TEST_CASE("extensions and trailers without end are refused") {
  std::string text = "0\r\n";
  for (int i = 0; i < 2000; ++i)
    text += "X: 0123456789\r\n";
  CHECK(read(text) == outcome::bad);
}
