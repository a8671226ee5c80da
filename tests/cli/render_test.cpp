#include "cli/render.hpp"

#include "cli/admin_endpoint.hpp"
#include "cli/failure.hpp"
#include "cli/http_client.hpp"
#include "tests/catch.hpp"

#include <boost/json/parse.hpp>

using namespace muster;
namespace json = boost::json;

TEST_CASE("cells are text, lists and numbers as people write them") {
  CHECK(cell(json::parse("null")).empty());
  CHECK(cell(json::parse(R"("text")")) == "text");
  CHECK(cell(json::parse("12")) == "12");
  CHECK(cell(json::parse("1.5")) == "1.5");
  CHECK(cell(json::parse("2.314130166")) == "2.314");
  CHECK(cell(json::parse("100.0")) == "100");
  CHECK(cell(json::parse("-0.0001")) == "0");
  CHECK(cell(json::parse("true")) == "true");
  CHECK(cell(json::parse(R"(["a","b"])")) == "a, b");
  CHECK(cell(json::parse(R"({"a":1})")) == R"({"a":1})");
}

TEST_CASE("JSON is written as people write numbers") {
  CHECK(as_json(json::parse(R"({"a":[1,2.5,-3.0,1e300],"b":{},"c":[],"d":null,"e":"\u0001"})"))
        == "{\"a\":[1,2.5,-3,1e+300],\"b\":{},\"c\":[],\"d\":null,\"e\":\"\\u0001\"}\n");
}

TEST_CASE("a member is found by its path") {
  const auto object = json::parse(R"({"labels":{"site":"A"},"id":"x"})");
  CHECK(cell(member(object, "id")) == "x");
  CHECK(cell(member(object, "labels.site")) == "A");
  CHECK(member(object, "labels.other").is_null());
  CHECK(member(object, "id.other").is_null());
}

TEST_CASE("items become a table with the columns asked for") {
  const auto items = json::parse(R"([{"id":"x","n":1,"other":true},{"id":"yy"}])");
  CHECK(as_table(items.get_array(), {"id", "n"}) == "id  n\nx   1\nyy\n");
}

TEST_CASE("an object becomes lines of names and values") {
  CHECK(as_details(json::parse(R"({"id":"x","limits":{"rate":5},"none":null})"))
        == "id           x\nlimits.rate  5\nnone         \n");
}

TEST_CASE("a query leaves out what is empty and encodes the rest") {
  CHECK(to_string(query{}).empty());
  CHECK(to_string(query{{"a", ""}, {"b", "x y"}, {"c", "&"}}) == "?b=x%20y&c=%26");
}

TEST_CASE("the address of a server is taken apart") {
  const auto plain = parse_url("http://127.0.0.1:8081");
  REQUIRE(plain.has_value());
  CHECK(plain->host == "127.0.0.1");
  CHECK(plain->port == "8081");
  CHECK(!plain->secure);
  const auto secure = parse_url("https://[::1]/muster/");
  REQUIRE(secure.has_value());
  CHECK(secure->host == "::1");
  CHECK(secure->port == "443");
  CHECK(secure->path == "/muster");
  for (const auto* text : {"", "ftp://x", "http://", "http://x:", "http://x:8a", "http://[::1"})
    CHECK(!parse_url(text));
}

TEST_CASE("JSON that is wrong is refused with its place") {
  CHECK(parse_json(R"({"a":1} )", "--data").is_object());
  for (const auto* text : {"", "{", "{} x", "nope"}) {
    try {
      parse_json(text, "--data");
      CHECK(text == nullptr);
    } catch (const failure& wrong) {
      CHECK(wrong.code() == 2);
      CHECK(std::string{wrong.what()}.starts_with("--data is no JSON: "));
    }
  }
}
