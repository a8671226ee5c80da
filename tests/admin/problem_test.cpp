#include "admin/json_writer.hpp"
#include "admin/problem.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

#include <limits>

using namespace muster;
using namespace muster::test;

TEST_CASE("an actor's error becomes a problem with its code and sentence") {
  const auto response =
      to_response(problem_of(make_error(errc::conflict, "There is \"one\" already")), "r1");
  CHECK(response.status == 409);
  CHECK(header_of(response, "Content-Type") == "application/problem+json");
  CHECK(member_of(response, "type") == R"("/docs#conflict")");
  CHECK(member_of(response, "status") == "409");
  CHECK(member_of(response, "code") == R"("conflict")");
  CHECK(member_of(response, "detail") == R"("There is \"one\" already")");
  CHECK(member_of(response, "request_id") == R"("r1")");
  CHECK(!member_of(response, "title").empty());
}

TEST_CASE("a problem carries the field and the column at fault, where there are") {
  const auto response = to_response({errc::bad_request, "no", "selector", 7}, "r1");
  CHECK(member_of(response, "field") == R"("selector")");
  CHECK(member_of(response, "column") == "7");
  CHECK(member_of(to_response({errc::bad_request, "no", {}, std::nullopt}, "r"), "column").empty());
}

TEST_CASE("what says when to try again says so") {
  CHECK(!header_of(to_response({errc::unauthorized, {}, {}, std::nullopt}, "r"), "WWW-Authenticate")
             .empty());
  CHECK(!header_of(to_response({errc::unavailable, {}, {}, std::nullopt}, "r"), "Retry-After")
             .empty());
}

TEST_CASE("a JSON writer escapes, separates, and writes no infinities") {
  json_writer json;
  json.begin_object().member("a\"", "b\n").member("n", 1.5).member("i", 3U).member("t", true);
  json.member("never", timestamp{}).member("x", std::numeric_limits<double>::infinity());
  json.key("l").begin_array().value(1).begin_object().end_object().raw("[2]").end_array();
  json.member("o", std::optional<int>{}).end_object();
  CHECK(json.take()
        == R"({"a\"":"b\n","n":1.5,"i":3,"t":true,"never":null,"x":null,"l":[1,{},[2]],"o":null})");
}
