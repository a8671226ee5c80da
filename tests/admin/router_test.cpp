#include "admin/router.hpp"
#include "net/uri.hpp"
#include "tests/catch.hpp"

#include <map>

using namespace muster;

namespace {

router some_routes() {
  return router{{
      {"GET", "/things", std::nullopt, "", nullptr},
      {"POST", "/things", std::nullopt, "", nullptr},
      {"POST", "/things:close", std::nullopt, "", nullptr},
      {"GET", "/things/{id}", std::nullopt, "", nullptr},
      {"POST", "/things/{id}/poke/{how}", std::nullopt, "", nullptr},
      {"POST", "/things/{id}:clear", std::nullopt, "", nullptr},
      {"GET", "/", std::nullopt, "", nullptr},
  }};
}

} // namespace

TEST_CASE("a path and a method find their route") {
  const auto testee = some_routes();
  CHECK(testee.find("GET", "/things").found->path == "/things");
  CHECK(testee.find("POST", "/things").found->method == "POST");
  CHECK(testee.find("POST", "/things:close").found->path == "/things:close");
  CHECK(testee.find("GET", "/").found->path == "/");
  CHECK(testee.find("HEAD", "/things").found->method == "GET");
}

TEST_CASE("parameters of a path are decoded, slashes and all") {
  const auto found = some_routes().find("POST", "/things/a%2Fb%20c/poke/%C3%A9");
  REQUIRE(found.found != nullptr);
  CHECK(found.parameters.at("id") == "a/b c");
  CHECK(found.parameters.at("how") == "\xC3\xA9");
}

TEST_CASE("a verb stands behind a parameter with a bare colon") {
  const auto testee = some_routes();
  const auto cleared = testee.find("POST", "/things/a%2Fb:clear");
  REQUIRE(cleared.found != nullptr);
  CHECK(cleared.found->path == "/things/{id}:clear");
  CHECK(cleared.parameters.at("id") == "a/b");
  CHECK(testee.find("POST", "/things/a%3Aclear").found == nullptr);
  CHECK(testee.find("POST", "/things/:clear").found == nullptr);
  CHECK(testee.find("POST", "/things/a%3Aclear:clear").parameters.at("id") == "a:clear");
  const auto named = testee.find("GET", "/things/a%3Aclear");
  REQUIRE(named.found != nullptr);
  CHECK(named.parameters.at("id") == "a:clear");
  CHECK(testee.find("GET", "/things/a:clear").parameters.at("id") == "a:clear");
}

TEST_CASE("a tail is whatever follows, or nothing") {
  const router testee{{{"GET", "/pages/{rest...}", std::nullopt, "", nullptr}}};
  for (const auto& [path, rest] : std::map<std::string, std::string>{
           {"/pages", ""}, {"/pages/", ""}, {"/pages/a", "a"}, {"/pages/a%2Fb/c", "a/b/c"}}) {
    const auto found = testee.find("GET", path);
    REQUIRE(found.found != nullptr);
    CHECK(found.parameters.at("rest") == rest);
  }
  CHECK(testee.find("GET", "/page").found == nullptr);
  CHECK(testee.find("GET", "/").found == nullptr);
}

TEST_CASE("a path without the method says which methods it has") {
  const auto found = some_routes().find("PUT", "/things");
  CHECK(found.found == nullptr);
  CHECK(found.allowed == std::vector<std::string>{"GET", "HEAD", "POST"});
}

TEST_CASE("unknown, empty and unfinished paths find nothing") {
  const auto testee = some_routes();
  for (const auto* path :
       {"/thing", "/things/", "/things/a/", "/things//poke/b", "things/a/b", ""}) {
    const auto found = testee.find("GET", path);
    CHECK((found.found == nullptr || found.found->path == "/"));
    CHECK(!found.broken);
  }
}

TEST_CASE("broken escapes and bytes that are no UTF-8 make a path broken") {
  const auto testee = some_routes();
  for (const auto* path : {"/things/%", "/things/%4", "/things/%zz", "/things/%ff"})
    CHECK(testee.find("GET", path).broken);
  // Names that clients choose may have one in them.
  CHECK(testee.find("GET", "/things/%00").parameters.at("id") == std::string_view{"\0", 1});
}

TEST_CASE("a query string is taken apart and decoded") {
  const auto pairs = parse_query("a=1&b=x+y%26z&c&&d=");
  REQUIRE(pairs);
  REQUIRE(pairs->size() == 4);
  CHECK(pairs->at(0) == std::pair<std::string, std::string>{"a", "1"});
  CHECK(pairs->at(1).second == "x y&z");
  CHECK(pairs->at(2).second.empty());
  CHECK(!parse_query("a=%f"));
}

TEST_CASE("encoding a segment of a path and decoding it gives it back") {
  const std::string text = "a/b c?d#\xC3\xA9~";
  CHECK(percent_encode(text) == "a%2Fb%20c%3Fd%23%C3%A9~");
  CHECK(percent_decode(percent_encode(text)) == text);
}
