#include "messages/envelope.hpp"

#include "messages/errc.hpp"
#include "tests/catch.hpp"

#include <string>

using namespace muster;
using namespace std::string_literals;

namespace {

struct parsed {
  explicit parsed(std::string text) : text_{std::move(text)} {
    ok = parse_envelope(text_, message, fault);
  }
  client_envelope message;
  envelope_fault fault;
  bool ok = false;

private:
  std::string text_;
};

std::string meta(const std::string& members) {
  return "{\"meta\":{" + members + "}}";
}

} // namespace

TEST_CASE("a create-session is taken apart") {
  const parsed it{
      R"({"meta":{"id":"a1","action":"create-session","timestamp":"2026-11-23T18:52:25.978086",)"
      R"("client_id":"ext.1","client_name":"My Client","attrs":"site=A;level=3","username":"user1",)"
      R"("secret":"secret1","token":"","in_reply_to":null},"data":{}})"};
  REQUIRE(it.ok);
  CHECK(it.message.action == client_action::create_session);
  CHECK(it.message.id == "a1");
  CHECK(it.message.has_timestamp);
  CHECK(it.message.client_id == "ext.1");
  CHECK(it.message.client_name == "My Client");
  CHECK(it.message.attrs == "site=A;level=3");
  CHECK(it.message.username == "user1");
  CHECK(it.message.secret == "secret1");
  CHECK(it.message.token.empty());
  CHECK(it.message.in_reply_to.empty());
  CHECK(it.message.data == "{}");
}

TEST_CASE("the action says what a message is") {
  using enum client_action;
  CHECK(parsed{meta("")}.message.action == client_response);
  CHECK(parsed{meta(R"("action":null)")}.message.action == client_response);
  CHECK(parsed{meta(R"("action":"client-response")")}.message.action == client_response);
  CHECK(parsed{meta(R"("action":"create-session")")}.message.action == create_session);
  CHECK(parsed{meta(R"("action":"invoke-service")")}.message.action == invoke_service);
  CHECK(parsed{meta(R"("action":"anything")")}.message.action == invoke_service);
}

TEST_CASE("data is handed on byte for byte, wherever it stands") {
  CHECK(parsed{R"({"data": { "a" : 1.50 } ,"meta":{}})"}.message.data == R"({ "a" : 1.50 })");
  CHECK(parsed{R"({"meta":{},"data":"\u0041"})"}.message.data == R"("\u0041")");
  CHECK(parsed{R"({"meta":{}})"}.message.data == "null");
}

TEST_CASE("null and empty fields count as absent, unknown ones are ignored") {
  const parsed it{meta(R"("id":null,"timestamp":"","token":null,"client_id":"","status":null,)"
                       R"("ctx":null,"client_name":null,"attrs":null,"extra":[1,{"a":2}])")};
  REQUIRE(it.ok);
  CHECK(it.message.id.empty());
  CHECK_FALSE(it.message.has_timestamp);
  CHECK_FALSE(it.message.status);
  CHECK_FALSE(parsed{meta(R"("timestamp":null)")}.message.has_timestamp);
}

TEST_CASE("of fields with the same name the last one counts") {
  CHECK(parsed{meta(R"("id":"a","id":"b")")}.message.id == "b");
  CHECK(parsed{meta(R"("id":"a","id":null)")}.message.id.empty());
  CHECK(parsed{R"({"meta":{"id":"a"},"meta":{"id":"b"}})"}.message.id == "b");
}

TEST_CASE("a second meta takes the place of the first as a whole") {
  const parsed it{R"({"meta":{"id":"a","token":"t","status":5},"meta":{"timestamp":"now"}})"};
  REQUIRE(it.ok);
  CHECK(it.message.id.empty());
  CHECK(it.message.token.empty());
  CHECK_FALSE(it.message.status);
  CHECK(it.message.has_timestamp);
  CHECK(parsed{R"({"meta":{"id":5},"meta":{"id":"b"}})"}.message.id == "b");
  CHECK(parsed{R"({"meta":{},"m\u0065ta":{"id":"c"}})"}.message.id == "c");
  CHECK(parsed{R"({"meta":{"id":"a"},"meta":5})"}.fault.what == "The message has no object 'meta'");
  CHECK(parsed{R"({"meta":5,"meta":{"id":"a"}})"}.ok);
}

TEST_CASE("a client name that is an object is flattened, its keys sorted") {
  CHECK(parsed{meta(R"("client_name":{"b":"2","a":"one"})")}.message.client_name == "a: one; b: 2");
  CHECK(parsed{meta(R"("client_name":{"n":5,"t":true})")}.message.client_name == "n: 5; t: true");
  CHECK(parsed{meta(R"("client_name":{"a":"x","a":"y"})")}.message.client_name == "a: y");
  CHECK(parsed{meta(R"("client_name":{})")}.message.client_name.empty());
}

TEST_CASE("status and ctx are read") {
  const parsed it{
      meta(R"("status":404,"ctx":{"reply_to_sk":["a","b"],"deliver_to_sk":null,"x":1})")};
  REQUIRE(it.ok);
  CHECK(it.message.status == 404);
  CHECK(it.message.reply_to_sk == std::vector{"a"s, "b"s});
  CHECK(it.message.deliver_to_sk.empty());
}

TEST_CASE("a field of a wrong type is a fault that names it and keeps the id") {
  const std::pair<const char*, const char*> cases[]{{"action", "5"},
                                                    {"timestamp", "1"},
                                                    {"token", "[]"},
                                                    {"client_id", "7"},
                                                    {"client_name", "[]"},
                                                    {"client_name", "5"},
                                                    {"attrs", "{}"},
                                                    {"username", "true"},
                                                    {"secret", "1"},
                                                    {"in_reply_to", "{}"},
                                                    {"status", "200.5"},
                                                    {"status", "\"200\""},
                                                    {"status", "2e2"},
                                                    {"status", "99999999999"},
                                                    {"ctx", "[]"},
                                                    {"ctx", "\"x\""},
                                                    {"ctx", R"({"reply_to_sk":"x"})"},
                                                    {"ctx", R"({"deliver_to_sk":[1]})"}};
  for (const auto& [name, value] : cases) {
    const auto field = '"' + std::string{name} + "\":" + value;
    for (const auto& text : {meta(R"("id":"a1",)" + field), meta(field + R"(,"id":"a1")")}) {
      const parsed it{text};
      CHECK_FALSE(it.ok);
      CHECK(it.fault.what == "The field 'meta." + std::string{name} + "' has a wrong type");
      CHECK(it.fault.id == "a1");
    }
  }
}

TEST_CASE("an id that is no text is a fault without an id") {
  for (const auto* value : {"5", "{}", "[]", "true"}) {
    const parsed it{meta("\"id\":"s + value)};
    CHECK_FALSE(it.ok);
    CHECK(it.fault.id.empty());
  }
}

TEST_CASE("what is no envelope is a fault") {
  for (const auto& text :
       {""s, "x"s, "[]"s, "\"a\""s, "{}"s, R"({"meta":null})"s, R"({"meta":[]})"s,
        R"({"meta":"x"})"s, R"({"data":1})"s, R"({"meta":{}} x)"s, R"({"meta":{})"s,
        "{\"meta\":{\"id\":\"\xFF\"}}"s}) {
    const parsed it{text};
    CHECK_FALSE(it.ok);
    CHECK_FALSE(it.fault.what.empty());
    CHECK(it.fault.id.empty());
  }
}

TEST_CASE("a message nested too deeply is a fault") {
  const auto data = [](std::size_t depth) {
    return R"({"meta":{"id":"a"},"data":)" + std::string(depth, '[') + std::string(depth, ']')
           + '}';
  };
  CHECK(parsed{data(31)}.ok);
  CHECK_FALSE(parsed{data(32)}.ok);
}

TEST_CASE("a message that breaks off behind its meta is answered to its id") {
  const parsed it{R"({"meta":{"id":"a1"},"data":[1,})"};
  CHECK_FALSE(it.ok);
  CHECK(it.fault.id == "a1");
  // What was not read to its end says nothing.
  CHECK(parsed{R"({"meta":{"id":"a1","x":})"}.fault.id.empty());
  CHECK(parsed{R"({"meta":{"id":"a1"},"meta":{"id":"b2","x":})"}.fault.id == "a1");
}

TEST_CASE("labels are read, trimmed and sorted") {
  const auto read = [](std::string_view text) { return parse_labels(text); };
  CHECK(*read("") == labels{});
  CHECK(*read("site=A;level=3") == labels{{"level", "3"}, {"site", "A"}});
  CHECK(*read(" site = A b \n#comment\r\n; ;x=") == labels{{"site", "A b"}, {"x", ""}});
  CHECK(*read("a=1=2;b=#3") == labels{{"a", "1=2"}, {"b", "#3"}});
  CHECK(*read("a=1;a=2") == labels{{"a", "2"}});
  for (const auto* text : {"a", "=1", "a=1;b", " = ", "a=1;;b=2;c"})
    CHECK(read(text).error() == errc::bad_request);
}

TEST_CASE("an answer is unwrapped from its response") {
  CHECK(unwrap_answer(R"({"response":{"a":1}})").data == R"({"a":1})");
  CHECK_FALSE(unwrap_answer(R"({"response":1})").failed);
  CHECK_FALSE(unwrap_answer(R"({"response":1,"error":null})").failed);
  CHECK_FALSE(unwrap_answer(R"({"response":1,"error":""})").failed);
  CHECK(unwrap_answer(R"({"response":null,"error":"no"})").failed);
  CHECK(unwrap_answer(R"({"error":"no"})").data == R"({"error":"no"})");
  CHECK_FALSE(unwrap_answer(R"({"error":"no"})").failed);
  CHECK(unwrap_answer("[1]").data == "[1]");
  CHECK(unwrap_answer("null").data == "null");
}
