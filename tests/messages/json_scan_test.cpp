#include "messages/json_scan.hpp"

#include "tests/catch.hpp"

#include <boost/json.hpp>
#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

using namespace muster;
using namespace std::string_literals;

namespace {

bool accepts(std::string_view text) {
  return !check_json(text);
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + std::string(depth, ']');
}

class recorder final : public json_member_sink {
public:
  void member(std::string_view key, std::string_view value) override {
    seen.emplace_back(key, value);
  }
  std::vector<std::pair<std::string, std::string>> seen;
};

bool boost_accepts(const std::string& text) {
  boost::json::error_code failed;
  boost::json::parse(text, failed);
  return !failed;
}

/// Small JSON texts with a few bytes put in place of others.
std::string damaged_json() {
  static const std::vector<std::string> seeds{
      R"({"meta":{"id":"a1","n":[1,-2.5e3,0]},"data":"\u00e9\n"})",
      R"([true,false,null,"x",{}])",
      R"({"a":{"b":{"c":[[],[[]]]}},"d":1})",
      "  [ 1 , 2 ]  ",
      "\"\xC3\xA9\xE2\x82\xAC\"",
      "-0.5"};
  static const std::string letters = "{}[]\",:\\u0123456789eE+-.tfnal \n\x01\xC3\xA9\xFF/";
  auto text = *rc::gen::elementOf(seeds);
  const auto changes = *rc::gen::inRange(0, 4);
  for (auto i = 0; i < changes; ++i) {
    const auto at = static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(text.size())));
    text[at] = *rc::gen::elementOf(letters);
  }
  return text;
}

} // namespace

TEST_CASE("JSON is accepted") {
  for (const auto& text : {"{}"s,
                           "[]"s,
                           "null"s,
                           "true"s,
                           "false"s,
                           "0"s,
                           "-0"s,
                           "-1.5e+10"s,
                           "1E-400"s,
                           "0e999"s,
                           "1e308"s,
                           "\"\""s,
                           R"("\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00")"s,
                           R"("\uD800")"s,
                           " \t\r\n[1 , 2]\n"s,
                           R"({"a":{"b":[{"c":null}]},"a":1})"s,
                           "\"\xC2\x80\xED\x9F\xBF\xEE\x80\x80\xF4\x8F\xBF\xBF\""s,
                           "\"\x7F\""s,
                           "0.000000000000000000000000000001e20"s,
                           std::string(300, '9'),
                           "0."s + std::string(500, '0') + "1"})
    CHECK(accepts(text));
}

TEST_CASE("what is no JSON is refused") {
  for (const auto& text : {""s,
                           " "s,
                           "{"s,
                           "}"s,
                           "["s,
                           "[1,]"s,
                           "[,1]"s,
                           "[1 2]"s,
                           "{\"a\"}"s,
                           "{\"a\":}"s,
                           "{\"a\":1,}"s,
                           "{a:1}"s,
                           "{1:1}"s,
                           "[1]]"s,
                           "{}{}"s,
                           "nul"s,
                           "nulls"s,
                           "True"s,
                           "'a'"s,
                           "01"s,
                           "-"s,
                           "-01"s,
                           "+1"s,
                           ".5"s,
                           "1."s,
                           "1.e1"s,
                           "1e"s,
                           "1e+"s,
                           "0x1"s,
                           "NaN"s,
                           "Infinity"s,
                           "\""s,
                           "\"a"s,
                           "\"\\\""s,
                           R"("\x")"s,
                           R"("\u12")"s,
                           R"("\u12g4")"s,
                           "\"\n\""s,
                           "\"\0\""s,
                           "[1}"s,
                           "{\"a\":1]"s,
                           "\xEF\xBB\xBF{}"s,
                           "//x\n1"s,
                           "[1]\0"s})
    CHECK_FALSE(accepts(text));
}

TEST_CASE("text that is not UTF-8 is refused") {
  for (const auto* bytes :
       {"\x80", "\xC0\x80", "\xC1\xBF", "\xC3", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80",
        "\xED\xBF\xBF", "\xE2\x82", "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xFF", "\xC3\xC3"})
    CHECK_FALSE(accepts('"' + std::string{bytes} + '"'));
}

TEST_CASE("numbers beyond a double are refused") {
  for (const auto& text : {"1e309"s, "-1e400"s, "1e99999999999999999999"s, std::string(400, '9'),
                           "0.0001e400"s, "[1,1e400]"s})
    CHECK_FALSE(accepts(text));
}

TEST_CASE("32 levels are fine, 33 are not, a hundred thousand do no harm") {
  CHECK(accepts(nested(32)));
  CHECK_FALSE(accepts(nested(33)));
  CHECK_FALSE(accepts(nested(100000)));
  CHECK_FALSE(accepts(std::string(100000, '[')));
  CHECK_FALSE(check_json(nested(40), 40));
  CHECK(check_json(nested(2), 1));
  recorder sink;
  CHECK_FALSE(scan_object("{\"a\":" + nested(31) + "}", sink));
  CHECK(scan_object("{\"a\":" + nested(32) + "}", sink));
}

TEST_CASE("a fault says where it is") {
  CHECK(check_json("[1,x]").offset == 3);
  CHECK(check_json("{} x").offset == 3);
  CHECK(check_json("\"abc\n\"").offset == 4);
}

TEST_CASE("an object's members are handed out as they stand") {
  recorder sink;
  REQUIRE_FALSE(
      scan_object(R"( { "a" : 1 , "b":{"x": [1, {"y":2}]},"c\u0041\n":"t","":null } )", sink));
  const std::vector<std::pair<std::string, std::string>> expected{
      {"a", "1"}, {"b", R"({"x": [1, {"y":2}]})"}, {"cA\n", R"("t")"}, {"", "null"}};
  CHECK(sink.seen == expected);
}

TEST_CASE("a document that is no object is a fault when members are asked for") {
  for (const auto* text : {"[]", "1", "\"{}\"", "null", "", "{} {}", "{\"a\":1", "{\"a\":1}}"}) {
    recorder sink;
    CHECK(scan_object(text, sink));
  }
  recorder sink;
  CHECK_FALSE(scan_object(" {} ", sink));
  CHECK(sink.seen.empty());
}

TEST_CASE("a sink that goes into a member gets what is in it first") {
  class inner_and_outer final : public json_member_sink {
  public:
    json_member_sink* within(std::string_view key) override {
      return key == "in" ? &inner : nullptr;
    }
    void member(std::string_view key, std::string_view value) override {
      inner.member("outer " + std::string{key}, value);
    }
    recorder inner;
  };
  inner_and_outer sink;
  REQUIRE_FALSE(
      scan_object(R"({"i\u006e":{"a":1,"b":{"in":2}},"c":{"d":3},"in":[4],"in":{}})", sink));
  const std::vector<std::pair<std::string, std::string>> expected{
      {"a", "1"},
      {"b", R"({"in":2})"},
      {"outer in", R"({"a":1,"b":{"in":2}})"},
      {"outer c", R"({"d":3})"},
      {"outer in", "[4]"},
      {"outer in", "{}"}};
  CHECK(sink.inner.seen == expected);
  for (const auto& text : {R"({"in":{"a":1})"s, R"({"in":{"a":1]})"s, R"({"in":{"a":}})"s,
                           "{\"in\":" + nested(32) + "}"})
    CHECK(scan_object(text, sink));
}

TEST_CASE("a member is found by its name, the last one of several") {
  CHECK(find_member(R"({"a":1,"b":[2]})", "b") == "[2]");
  CHECK(find_member(R"({"a":1,"a":2})", "a") == "2");
  CHECK(find_member(R"({"a":{"b":1}})", "b").empty());
  CHECK(find_member("[1]", "a").empty());
}

TEST_CASE("members are found whatever stands around them") {
  const auto text = R"( { "a" : "}\"" , "b":[{"a":"]"},"\\"] ,"\u0063":-1.5e3,"":{ }} )";
  const auto [a, b, c, none, missing] = find_members(text, {"a", "b", "c", "", "d"});
  CHECK(a == R"("}\"")");
  CHECK(b == R"([{"a":"]"},"\\"])");
  CHECK(c == "-1.5e3");
  CHECK(none == "{ }");
  CHECK(missing.empty());
  const auto deep = "{\"a\":" + nested(100) + "}";
  CHECK(find_member(deep, "a") == nested(100));
}

TEST_CASE("finding agrees with the scan, and harms nobody where there is no JSON") {
  CHECK(rc::check([] {
    const auto text = damaged_json();
    recorder sink;
    const auto is_object = !scan_object(text, sink);
    for (const auto* key : {"meta", "data", "a", "d"}) {
      const auto found = find_member(text, key);
      std::string expected;
      for (const auto& [name, value] : sink.seen)
        if (name == key)
          expected = value;
      if (is_object)
        RC_ASSERT(found == expected);
    }
  }));
}

TEST_CASE("an array's elements are handed out as they stand") {
  CHECK(json_elements(R"([ 1 , "a,b" ,[2, 3],{}])")
        == std::vector<std::string_view>{"1", R"("a,b")", "[2, 3]", "{}"});
  CHECK(json_elements("[]").empty());
  CHECK(json_elements("{}").empty());
}

TEST_CASE("the scan agrees with Boost.JSON on damaged texts") {
  CHECK(rc::check([] {
    const auto text = damaged_json();
    // Boost.JSON refuses lone surrogates and lets infinite numbers through.
    RC_PRE(text.find("\\uD") == std::string::npos && text.find("\\ud") == std::string::npos);
    if (accepts(text))
      RC_ASSERT(boost_accepts(text));
    else if (const auto* what = check_json(text).what; what != "the number is out of range"s)
      RC_ASSERT(!boost_accepts(text));
  }));
}
