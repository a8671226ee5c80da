#include "admin/request_reader.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

const std::vector<body_field> fields{{"name", json_kind::text, true, ""},
                                     {"size", json_kind::number, false, ""},
                                     {"count", json_kind::integer, false, ""},
                                     {"on", json_kind::boolean, false, ""},
                                     {"range", json_kind::array_or_null, false, ""},
                                     {"data", json_kind::any, false, ""}};

std::optional<problem> read(std::string_view text, request_body& out) {
  return request_body::read(text, fields, out);
}

std::string field_at_fault(std::string_view text) {
  request_body ignored;
  const auto fault = read(text, ignored);
  return fault ? fault->field : "none";
}

} // namespace

TEST_CASE("a body's fields come out as what they are") {
  request_body body;
  REQUIRE(!read(
      R"({"name":"a\nb","size":-1.5e1,"count":7,"on":true,"range":[1,2],"data":{"x":[]}})", body));
  CHECK(body.text("name") == "a\nb");
  CHECK(body.number("size") == -15.0);
  CHECK(body.integer("count") == 7U);
  CHECK(body.truth("on"));
  CHECK(body.raw("range") == "[1,2]");
  CHECK(body.raw("data") == R"({"x":[]})");
  CHECK(!body.has("other"));
}

TEST_CASE("unknown fields, wrong types and missing fields are named") {
  CHECK(field_at_fault(R"({"name":"a","extra":1})") == "extra");
  CHECK(field_at_fault(R"({"name":1})") == "name");
  CHECK(field_at_fault(R"({"name":null})") == "name");
  CHECK(field_at_fault(R"({"name":"a","size":"1"})") == "size");
  CHECK(field_at_fault(R"({"name":"a","count":1.5})") == "count");
  CHECK(field_at_fault(R"({"name":"a","count":-1})") == "count");
  CHECK(field_at_fault(R"({"name":"a","on":1})") == "on");
  CHECK(field_at_fault(R"({"name":"a","range":{}})") == "range");
  CHECK(field_at_fault("{}") == "name");
  CHECK(field_at_fault("") == "name");
  CHECK(field_at_fault(R"({"name":"a","range":null,"data":null})") == "none");
}

TEST_CASE("what is no JSON object, too deep or not finite is refused") {
  request_body body;
  for (const auto* text : {"[]", "1", "{", R"({"name":"a",})", R"({"name":"a","size":1e999})",
                           "{\"name\":\"\xff\"}"}) {
    const auto fault = read(text, body);
    REQUIRE(fault);
    CHECK(fault->code == errc::bad_request);
  }
  const auto deep = std::string(40, '[') + std::string(40, ']');
  CHECK(read(R"({"name":"a","data":)" + deep + "}", body));
}
