#include "messages/channel_edit.hpp"

#include "messages/channel_fields.hpp"
#include "messages/errc.hpp"
#include "messages/json_scan.hpp"
#include "tests/catch.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <string>
#include <utility>

using namespace muster;
using namespace std::string_literals;

namespace {

std::string crm(const std::string& more) {
  return R"({"name":"crm","path":"/crm")" + (more.empty() ? "" : "," + more) + "}";
}

channel_definition definition_of(const std::string& more) {
  auto edit = parse_channel(crm(more));
  REQUIRE(edit);
  return edit->definition;
}

/// Whether it is refused with a word about `field`.
bool refuses(const caf::expected<channel_edit>& edit, const std::string& field) {
  return !edit && edit.error() == make_error(errc::bad_request, detail_of(edit.error()))
         && detail_of(edit.error()).find('\'' + field) != std::string::npos;
}

channel_definition secured() {
  auto out = definition_of(R"("security":"basic")");
  out.credentials = {{"ada", "hash1"}, {"bob", "hash2"}};
  return out;
}

} // namespace

TEST_CASE("a channel makes topics only when it is told to") {
  CHECK(!parse_channel(R"({"name":"a","path":"/a"})")->definition.create_topics);
  const auto read = parse_channel(R"({"name":"a","path":"/a","create_topics":true})");
  REQUIRE(read);
  CHECK(read->definition.create_topics);
  CHECK(to_json(read->definition).find(R"("create_topics":true)") != std::string::npos);
  CHECK(!patch_channel(read->definition, R"({"create_topics":null})")->definition.create_topics);
  CHECK(!parse_channel(R"({"name":"a","path":"/a","create_topics":"yes"})"));
}

TEST_CASE("a channel needs a name and a path, the rest has defaults") {
  channel_definition expected;
  expected.name = "crm";
  expected.path = "/crm";
  CHECK(definition_of("") == expected);
  CHECK(refuses(parse_channel(R"({"path":"/x"})"), "name"));
  CHECK(refuses(parse_channel(R"({"name":"x"})"), "path"));
  CHECK(refuses(parse_channel(R"({"name":null,"path":"/x"})"), "name"));
}

TEST_CASE("all fields are read") {
  const auto d = definition_of(
      R"("listener":"127.0.0.1:9000","is_active":false,"service":"http://127.0.0.1:1/x",)"
      R"("services_allowed":["a","b.*"],"new_token_wait_time":0.5,"token_ttl":60,"ping_interval":25,)"
      R"("pings_missed_threshold":3,"service_timeout":1.25,"max_in_flight":1,"max_message_bytes":64,)"
      R"("max_connections":10,"max_connections_per_client":2,"rate_limit":{"rate":5,"burst":10},)"
      R"("send_queue_bytes":1024,"slow_consumer":"drop_newest","duplicate_client_id":"reject",)"
      R"("allowed_origins":["https://a"],"permessage_deflate":true,"permissions":"pub=/a\n# x\n\nsub=/**",)"
      R"("message_log":{"messages":9,"payload_bytes":100,"redact":["secret"]})");
  CHECK(d.listener == "127.0.0.1:9000");
  CHECK_FALSE(d.is_active);
  CHECK(d.services_allowed == std::vector{"a"s, "b.*"s});
  CHECK(d.new_token_wait_time == 0.5);
  CHECK(d.max_in_flight == 1);
  CHECK(d.max_connections == 10U);
  CHECK(d.rate_limit == rate_limit{5, 10});
  CHECK(d.slow_consumer == slow_consumer::drop_newest);
  CHECK(d.duplicate_client_id == duplicate_policy::reject);
  CHECK(d.permessage_deflate);
  CHECK(d.message_log == message_log_limits{9, 100, {"secret"}});
}

TEST_CASE("null puts a field to its default") {
  CHECK(definition_of(R"("token_ttl":null,"rate_limit":null,"message_log":null)")
        == definition_of(""));
  CHECK(definition_of(R"("message_log":false)") == definition_of(R"("message_log":"off")"));
  CHECK(definition_of(R"("rate_limit":{"rate":4})").rate_limit == rate_limit{4, 4});
}

TEST_CASE("what cannot be is refused by the name of the field") {
  const std::pair<const char*, const char*> cases[]{
      {"nonsense", "1"},
      {"name", "\"\""},
      {"name", "\"a b\""},
      {"name", "\"\\u00e9\""},
      {"name", "5"},
      {"name", "\"..\""},
      {"path", "\"crm\""},
      {"path", "\"/a?b\""},
      {"path", "\"/a#b\""},
      {"path", "\"/a b\""},
      {"path", "\"/\\u00e9\""},
      {"listener", "\"\""},
      {"is_active", "1"},
      {"is_active", "\"true\""},
      {"service", "\"\""},
      {"services_allowed", "\"a\""},
      {"services_allowed", "[1]"},
      {"services_allowed", "[\"\"]"},
      {"security", "\"magic\""},
      {"security", "\"jwt\""},
      {"security", "null,\"jwt\":{}"},
      {"new_token_wait_time", "0"},
      {"token_ttl", "-1"},
      {"token_ttl", "\"60\""},
      {"ping_interval", "31536001"},
      {"service_timeout", "1e300"},
      {"pings_missed_threshold", "0"},
      {"pings_missed_threshold", "1.5"},
      {"pings_missed_threshold", "4294967296"},
      {"max_in_flight", "-1"},
      {"max_message_bytes", "63"},
      {"max_message_bytes", "67108865"},
      {"max_connections", "0"},
      {"max_connections_per_client", "0"},
      {"rate_limit", "5"},
      {"rate_limit", "{}"},
      {"rate_limit", "{\"rate\":0}"},
      {"rate_limit.x", "1"},
      {"send_queue_bytes", "1023"},
      {"slow_consumer", "\"none\""},
      {"duplicate_client_id", "true"},
      {"allowed_origins", "[\"a b\"]"},
      {"permessage_deflate", "null,\"permessage_deflate\":0"},
      {"permissions", "\"pub=/a\\nread=/b\""},
      {"permissions", "\"pub=\""},
      {"permissions", "[]"},
      {"message_log", "true"},
      {"message_log", "{\"redact\":[]}"},
      {"message_log.messages", "-1"}};
  for (const auto& [field, value] : cases) {
    const std::string name{field};
    const auto dot = name.find('.');
    const auto outer = name.substr(0, dot);
    auto text = '"' + outer + "\":" + value;
    if (name == "rate_limit.x")
      text = R"("rate_limit":{"rate":1,"x":1})";
    if (name == "message_log.messages")
      text = R"("message_log":{"messages":-1})";
    if (name == "security" && std::string{value}.find("jwt\":") != std::string::npos)
      CHECK(refuses(parse_channel(crm(text)), "jwt"));
    else
      CHECK(refuses(parse_channel(crm(text)), name));
  }
}

TEST_CASE("a bad line of permissions is told by its number") {
  const auto edit = parse_channel(crm(R"("permissions":"pub=/a\n\nnonsense")"));
  REQUIRE_FALSE(edit);
  CHECK(detail_of(edit.error()).find("line 3") != std::string::npos);
}

TEST_CASE("what is no JSON object is refused") {
  for (const auto* text : {"", "[]", "null", "{", "{\"name\":1e400}", "{} x"}) {
    CHECK_FALSE(parse_channel(text));
    CHECK_FALSE(patch_channel(definition_of(""), text));
  }
}

TEST_CASE("credentials come in with their secrets and go out without") {
  const auto edit = parse_channel(crm(
      R"("security":"basic","credentials":[{"username":"ada","secret":"s1"},{"username":"bob","secret":"s2"}])"));
  REQUIRE(edit);
  REQUIRE(edit->secrets);
  REQUIRE(edit->secrets->size() == 2);
  CHECK(edit->secrets->front().username == "ada");
  CHECK(edit->secrets->front().secret == "s1");
  const auto json = to_json(secured());
  CHECK(find_member(json, "credentials") == R"([{"username":"ada"},{"username":"bob"}])");
  CHECK(json.find("hash") == std::string::npos);
}

TEST_CASE("keys come in with their secrets and go out without") {
  const auto edit = parse_channel(crm(R"("security":"api_key","keys":[{"name":"k1","key":"s1"}])"));
  REQUIRE(edit);
  REQUIRE(edit->secrets);
  CHECK(edit->secrets->front().username == "k1");
  CHECK(edit->secrets->front().secret == "s1");
  auto definition = edit->definition;
  definition.credentials = {{"k1", "hash"}};
  CHECK(find_member(to_json(definition), "keys") == R"([{"name":"k1"}])");
  CHECK(find_member(to_json(definition), "credentials").empty());
}

TEST_CASE("credentials that do not fit are refused") {
  const std::pair<const char*, const char*> cases[]{
      {"credentials", R"("credentials":[{"username":"a","secret":"b"}])"},
      {"keys", R"("security":"basic","keys":[{"name":"a","key":"b"}])"},
      {"credentials", R"("security":"api_key","credentials":[])"},
      {"credentials", R"("security":"basic","credentials":{})"},
      {"credentials", R"("security":"basic","credentials":["a"])"},
      {"credentials", R"("security":"basic","credentials":[{"secret":"b"}])"},
      {"credentials", R"("security":"basic","credentials":[{"username":"a"}])"},
      {"credentials", R"("security":"basic","credentials":[{"username":"a","secret":""}])"},
      {"credentials.secret", R"("security":"basic","credentials":[{"username":"a","secret":5}])"},
      {"credentials.role", R"("security":"basic","credentials":[{"username":"a","role":"b"}])"},
      {"credentials",
       R"("security":"basic","credentials":[{"username":"a","secret":"b"},{"username":"a","secret":"c"}])"}};
  for (const auto& [field, text] : cases)
    CHECK(refuses(parse_channel(crm(text)), field));
  CHECK(parse_channel(crm(R"("security":"basic")")));
}

TEST_CASE("a patch changes what it names and nothing else") {
  auto current = secured();
  current.rate_limit = rate_limit{5, 10};
  current.token_ttl = 77;
  const auto edit = patch_channel(current, R"({"path":"/new","rate_limit":{"burst":20}})");
  REQUIRE(edit);
  auto expected = current;
  expected.path = "/new";
  expected.rate_limit->burst = 20;
  CHECK(edit->definition == expected);
  CHECK_FALSE(edit->secrets);
  CHECK(patch_channel(current, "{}")->definition == current);
  CHECK(patch_channel(current, R"({"token_ttl":null})")->definition.token_ttl == 3600);
}

TEST_CASE("a patch cannot rename, nor take away what is needed") {
  CHECK(refuses(patch_channel(secured(), R"({"name":"other"})"), "name"));
  CHECK(refuses(patch_channel(secured(), R"({"name":null})"), "name"));
  CHECK(refuses(patch_channel(secured(), R"({"path":null})"), "path"));
  CHECK(refuses(patch_channel(secured(), R"({"nonsense":null})"), "nonsense"));
  CHECK(patch_channel(secured(), R"({"name":"crm"})"));
}

TEST_CASE("a patch of credentials replaces the list and keeps old secrets") {
  const auto edit = patch_channel(
      secured(), R"({"credentials":[{"username":"bob"},{"username":"eve","secret":"new"}]})");
  REQUIRE(edit);
  REQUIRE(edit->secrets);
  REQUIRE(edit->secrets->size() == 2);
  CHECK_FALSE(edit->secrets->front().secret);
  CHECK(edit->secrets->back().secret == "new");
  CHECK(edit->definition.credentials == secured().credentials);
  CHECK(
      refuses(patch_channel(secured(), R"({"credentials":[{"username":"eve"}]})"), "credentials"));
  const auto cleared = patch_channel(secured(), R"({"credentials":null})");
  REQUIRE(cleared);
  REQUIRE(cleared->secrets);
  CHECK(cleared->secrets->empty());
}

TEST_CASE("credentials of another kind of security are dropped") {
  const auto open = patch_channel(secured(), R"({"security":"none"})");
  REQUIRE(open);
  CHECK(open->definition.credentials.empty());
  REQUIRE(open->secrets);
  CHECK(open->secrets->empty());
  CHECK(refuses(patch_channel(secured(), R"({"security":"api_key","keys":[{"name":"ada"}]})"),
                "keys"));
  CHECK(patch_channel(secured(), R"({"security":"api_key","keys":[{"name":"k","key":"x"}]})"));
}

TEST_CASE("a shown channel has every field and is read back as it was") {
  auto definition =
      definition_of(R"("rate_limit":{"rate":0.1,"burst":3},"message_log":{"messages":5})");
  const auto json = to_json(definition);
  REQUIRE_FALSE(check_json(json));
  for (const auto& field : channel_fields())
    if (field.name != "credentials" && field.name != "keys")
      CHECK_FALSE(find_member(json, field.name).empty());
  CHECK(parse_channel(json)->definition == definition);
  CHECK(find_member(json, "message_log") == R"({"messages":5,"payload_bytes":1024,"redact":[]})");
  CHECK(find_member(to_json(definition_of("")), "message_log") == "null");
  CHECK(find_member(to_json(definition, R"("connections":3)"), "connections") == "3");
}

TEST_CASE("the version changes with the definition") {
  const auto one = definition_of("");
  auto other = one;
  CHECK(etag_of(one) == etag_of(other));
  other.token_ttl = 1;
  CHECK(etag_of(one) != etag_of(other));
  CHECK(etag_of(one).front() == '"');
  CHECK(etag_of(one).back() == '"');
}

TEST_CASE("a fault of a field names the field") {
  CHECK(field_of(parse_channel(crm(R"("ping_interval":0)")).error()) == "ping_interval");
  CHECK(field_of(parse_channel(crm(R"("colour":0)")).error()) == "colour");
  CHECK(field_of(parse_channel(R"({"path":"/x"})").error()) == "name");
  CHECK(field_of(parse_channel(crm(R"("message_log":{"messages":1000000})")).error())
        == "message_log.messages");
  CHECK(field_of(parse_channel("[]").error()).empty());
}

TEST_CASE("what can be edited of a channel is what an edit takes") {
  const auto before = secured();
  for (const auto& field : channel_fields()) {
    // Nothing is refused for its value, and a name is another one.
    const auto patch = "{\"" + std::string{field.name}
                       + "\":" + (field.kind == "text" ? "\"/other\"" : "null") + '}';
    const auto edit = patch_channel(before, patch);
    const auto is_refused =
        !edit && detail_of(edit.error()).find("cannot be changed") != std::string::npos;
    INFO(field.name);
    CHECK(is_refused != field.editable);
    CHECK((edit || field.name == "name" || field.name == "keys"));
  }
}

TEST_CASE("each field of a channel is explained, and each choice can be made") {
  for (const auto& field : channel_fields()) {
    INFO(field.name);
    CHECK(field.what.size() > 20);
    CHECK(field.what.back() == '.');
    CHECK((field.kind == "choice") == !field.choices.empty());
    auto choices = field.choices;
    while (!choices.empty()) {
      const auto end = std::min(choices.find(' '), choices.size());
      const auto value = quoted(choices.substr(0, end));
      CHECK(parse_channel(crm(quoted(field.name) + ':' + value)));
      choices.remove_prefix(std::min(end + 1, choices.size()));
    }
  }
}
