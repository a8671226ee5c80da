#include "admin/live_value.hpp"
#include "tests/catch.hpp"

using namespace muster;
using kind = live_value::kind;

namespace {

struct one_value {
  live_value testee;

  std::string next(const std::string& body) {
    const auto news = testee.take(body);
    if (news.what == kind::nothing)
      CHECK(news.json.empty());
    else
      CHECK(!check_json('{' + news.json + '}', 64));
    return (news.what == kind::state   ? "state "
            : news.what == kind::delta ? "delta "
                                       : "")
           + news.json;
  }
};

std::string list(const std::string& rows, const std::string& more = "\"total\":1") {
  return "{\"items\":[" + rows + "]," + more + '}';
}

} // namespace

TEST_CASE_METHOD(one_value, "the first answer is sent whole, the same again not at all") {
  CHECK(next(R"({"a":1})") == R"(state "value":{"a":1})");
  CHECK(next(R"({"a":1})").empty());
  testee.forget();
  CHECK(next(R"({"a":1})") == R"(state "value":{"a":1})");
}

TEST_CASE_METHOD(one_value, "members are set and unset") {
  next(R"({"a":1,"b":{"c":2},"d":"x"})");
  CHECK(next(R"({"a":1,"b":{"c":3},"e\"":null})")
        == R"(delta "set":{"b":{"c":3},"e\"":null},"unset":["d"])");
  CHECK(next(R"({"e\"":null,"b":{"c":3},"a":1})").empty());
}

TEST_CASE_METHOD(one_value, "rows change by their members, come, go and move") {
  next(list(R"({"id":"a","n":1,"m":1},{"id":"b","n":1})"));
  CHECK(next(list(R"({"id":"a","n":2,"m":1},{"id":"b","n":1})"))
        == R"(delta "rows":{"a":{"n":2}})");
  CHECK(next(list(R"({"id":"c","n":9},{"id":"a","n":2,"m":1})"))
        == R"(delta "rows":{"c":{"id":"c","n":9}},"order":["c","a"])");
  CHECK(next(list(R"({"id":"a","n":2,"m":1},{"id":"c","n":9})", "\"total\":2"))
        == R"(delta "set":{"total":2},"order":["a","c"])");
  CHECK(next(list("")) == R"(delta "set":{"total":1},"order":[])");
  CHECK(next(list("")).empty());
}

TEST_CASE_METHOD(one_value, "a row is known by the first that it has") {
  next(list(R"({"at":"1","name":"n","id":"a","x":0})"));
  CHECK(next(list(R"({"at":"2","name":"n","id":"a","x":1})"))
        == R"(delta "rows":{"a":{"at":"2","x":1}})");
  for (const auto* name : {"sub_key", "msg_id", "username", "name", "at"}) {
    testee.forget();
    const auto id = '"' + std::string{name} + R"(":"\"k\n")";
    next(list("{" + id + ",\"x\":0}"));
    CHECK(next(list("{" + id + ",\"x\":1}")) == R"(delta "rows":{"\"k\n":{"x":1}})");
  }
  // One that is null does not count.
  testee.forget();
  next(list(R"({"id":null,"at":"1","x":0})"));
  CHECK(next(list(R"({"id":null,"at":"1","x":1})")) == R"(delta "rows":{"1":{"x":1}})");
}

TEST_CASE_METHOD(one_value, "what a delta cannot say is sent whole") {
  const auto is_whole = [this](const std::string& before, const std::string& after) {
    testee.forget();
    next(before);
    return next(after) == "state \"value\":" + after;
  };
  CHECK(is_whole(list(R"({"x":1})"), list(R"({"x":2})")));
  CHECK(is_whole(list(R"({"id":"a"},{"id":"a"})"), list(R"({"id":"a"})")));
  CHECK(is_whole(list(R"({"id":"a"})"), list(R"({"id":"a"},{"id":"a"})")));
  CHECK(is_whole(list(R"({"id":"a","x":1})"), list(R"({"id":"a"})")));
  CHECK(is_whole(list(R"({"id":"a"})"), list(R"("a")")));
  CHECK(is_whole(list(R"({"id":"a"})"), R"({"total":1})"));
  CHECK(is_whole(R"({"total":1})", list(R"({"id":"a"})")));
  CHECK(is_whole("[1]", "[2]"));
}

TEST_CASE_METHOD(one_value, "an items member that is no list is one like others") {
  next(R"({"items":1})");
  CHECK(next(R"({"items":2})") == R"(delta "set":{"items":2})");
}

TEST_CASE_METHOD(one_value, "what clients have nested deeply hides no change") {
  const auto row = [](std::size_t depth, char last) {
    return R"({"id":"a","data":)" + std::string(depth, '[') + last + std::string(depth, ']') + '}';
  };
  // As deep as a client's data can be.
  next(list(row(32, '1')));
  CHECK(next(list(row(32, '2'))).starts_with(R"(delta "rows":{"a":{"data":[)"));
  // Deeper than anything here reads.
  CHECK(testee.take(list(row(100, '3'))).what == kind::state);
  CHECK(testee.take(list(row(100, '4'))).what == kind::state);
  CHECK(testee.take(list(row(100, '4'))).what == kind::nothing);
  CHECK(next(list(row(1, '5'))).starts_with("state "));
}
