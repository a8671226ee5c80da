#include "messages/json_scan.hpp"

#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <string>

using namespace muster;
using namespace std::string_literals;

namespace {

std::string text_of(std::string_view json) {
  std::string out = "before";
  REQUIRE(json_string(json, out));
  return out;
}

} // namespace

TEST_CASE("a JSON string is read as its text") {
  CHECK(text_of(R"("")").empty());
  CHECK(text_of(R"("abc")") == "abc");
  CHECK(text_of(R"("\"\\\/\b\f\n\r\t")") == "\"\\/\b\f\n\r\t");
  CHECK(text_of(R"("a\u0041\u00e9\u20AC")") == "aA\xC3\xA9\xE2\x82\xAC");
  CHECK(text_of(R"("\uD83D\uDE00")") == "\xF0\x9F\x98\x80");
  CHECK(text_of(R"("\u0000")") == "\0"s);
}

TEST_CASE("lone surrogates become the replacement character") {
  const auto replacement = "\xEF\xBF\xBD"s;
  CHECK(text_of(R"("\uD800")") == replacement);
  CHECK(text_of(R"("\uDC00x")") == replacement + "x");
  CHECK(text_of(R"("\uD800\uD83D\uDE00")") == replacement + "\xF0\x9F\x98\x80");
  CHECK(text_of(R"("\uD800\n")") == replacement + "\n");
}

TEST_CASE("what is no string has no text") {
  std::string out;
  for (const auto* value : {"1", "null", "{}", "[]", "true", ""})
    CHECK_FALSE(json_string(value, out));
}

TEST_CASE("a text is written as JSON") {
  CHECK(quoted("") == R"("")");
  CHECK(quoted("a\"b\\c/") == R"("a\"b\\c/")");
  CHECK(quoted("\n\r\t\b\x01\x1F"s) == R"("\n\r\t\u0008\u0001\u001f")");
  CHECK(quoted("\xC3\xA9 and more than eight bytes \xF0\x9F\x98\x80")
        == "\"\xC3\xA9 and more than eight bytes \xF0\x9F\x98\x80\"");
  CHECK(quoted("a\xFF"
               "b\xC3")
        == "\"a\xEF\xBF\xBD"
           "b\xEF\xBF\xBD\"");
}

TEST_CASE("whatever is written is JSON, and UTF-8 comes back as it was") {
  CHECK(rc::check([](const std::string& bytes) {
    const auto json = quoted(bytes);
    RC_ASSERT(!check_json(json));
    std::string back;
    RC_ASSERT(json_string(json, back));
    RC_ASSERT(quoted(back) == json);
  }));
}

TEST_CASE("empty data is told from data") {
  for (const auto* value :
       {"", "null", "\"\"", "0", "-0", "0.00", "0e5", "false", "{}", "[]", "{ \n}", "[\t ]"})
    CHECK(is_empty_json(value));
  for (const auto* value :
       {"true", "1", "0.1", "-5", "10e0", "\" \"", "\"0\"", "[0]", "{\"a\":0}", "[[]]"})
    CHECK_FALSE(is_empty_json(value));
}
