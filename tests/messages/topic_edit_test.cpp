#include "messages/topic_edit.hpp"

#include "messages/errc.hpp"
#include "messages/json_scan.hpp"
#include "messages/publication.hpp"
#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <string>
#include <utility>
#include <vector>

using namespace muster;
using namespace std::string_literals;

namespace {

topic_definition some_topic() {
  topic_definition out;
  out.name = "/orders/new";
  out.number = 7;
  out.is_active = false;
  out.durable = false;
  out.retention_count = 10;
  out.retention_bytes = 2000;
  out.retention_age = 0.25;
  out.max_depth = 50;
  out.max_message_bytes = 1000;
  out.on_no_subscribers = no_subscribers::drop;
  out.limit_message_expiry = 60;
  out.limit_sub_inactivity = 3600;
  out.ack_timeout = 1.5;
  out.conflate = false;
  out.created_at_us = 1795459945978086;
  return out;
}

template <class Definition>
std::string fault_of(const caf::expected<Definition>& read) {
  if (read)
    return {};
  CHECK(code_of(read.error()) == errc::bad_request);
  const auto text = detail_of(read.error());
  const auto begin = text.find('\'') + 1;
  return text.substr(begin, text.find('\'', begin) - begin);
}

std::string topic_fault(const std::string& name, const std::string& value) {
  return fault_of(parse_topic(R"({"name":"/a",")" + name + "\":" + value + "}"));
}

std::string patch_fault(const std::string& patch) {
  return fault_of(patch_topic(some_topic(), patch));
}

/// Without what nobody can give.
std::string to_request(const topic_definition& topic) {
  auto out = to_json(topic);
  return out.substr(0, out.find(",\"created_at\"")) + "}";
}

} // namespace

TEST_CASE("a topic needs no more than a name") {
  const auto read = parse_topic(R"({"name":"/a"})");
  REQUIRE(read);
  topic_definition expected;
  expected.name = "/a";
  CHECK(*read == expected);
}

TEST_CASE("every field of a topic is read") {
  const auto read = parse_topic(
      R"({"name":"/orders/new","is_active":false,"durable":false,"retention_count":10,)"
      R"("retention_bytes":2000,"retention_age":0.25,"max_depth":50,"max_message_bytes":1000,)"
      R"("on_no_subscribers":"drop","limit_message_expiry":60,"limit_sub_inactivity":3600,)"
      R"("ack_timeout":1.5,"conflate":false})");
  REQUIRE(read);
  auto expected = some_topic();
  expected.number = 0;
  expected.created_at_us = 0;
  CHECK(*read == expected);
}

TEST_CASE("a topic shows every field that can be given, and no number") {
  const auto text = to_json(some_topic(), R"("messages":3)");
  CHECK_FALSE(check_json(text));
  for (const auto& each : topic_fields())
    CHECK_FALSE(find_member(text, each.name).empty());
  CHECK(find_member(text, "number").empty());
  CHECK(find_member(text, "created_at") == "\"2026-11-23T18:52:25.978086Z\"");
  CHECK(find_member(text, "on_no_subscribers") == "\"drop\"");
  CHECK(find_member(text, "messages") == "3");
  CHECK(find_member(to_json(some_topic()), "messages").empty());
}

TEST_CASE("a topic comes back from its JSON") {
  auto expected = some_topic();
  expected.number = 0;
  expected.created_at_us = 0;
  CHECK(*parse_topic(to_request(some_topic())) == expected);
}

TEST_CASE("what a topic may be called") {
  for (const auto& name :
       {"/a"s, "a"s, "a b"s, "/caf\xC3\xA9"s, std::string(200, 'x'), "/a?b#c\"\\"s, "/"s})
    CHECK(is_topic_name(name));
  for (const auto& name : {""s, " "s, " a"s, "a "s, "/a*"s, "*"s, "a\n"s, "a\tb"s, "\x7F"s, "a\0b"s,
                           "\xFF"s, "\xC3"s, std::string(201, 'x')})
    CHECK_FALSE(is_topic_name(name));
}

TEST_CASE("a topic is refused with the name of what is wrong") {
  CHECK(fault_of(parse_topic("{}")) == "name");
  CHECK(fault_of(parse_topic(R"({"name":null})")) == "name");
  CHECK(fault_of(parse_topic(R"({"nam":"/a"})")) == "nam");
  CHECK(fault_of(parse_topic(R"({"name":1})")) == "name");
  CHECK(fault_of(parse_topic(R"({"name":"a*"})")) == "name");
  for (const auto* text : {"", "{", "[]", "1", "null", R"({"name":"/a"}x)"})
    CHECK_FALSE(parse_topic(text));
}

TEST_CASE("a field that a topic does not have, or that nobody can give, is refused") {
  for (const auto* name : {"nonsense", "number", "created_at", "Name"}) {
    CHECK(topic_fault(name, "1") == name);
    CHECK(patch_fault("{\""s + name + "\":1}") == name);
    CHECK(patch_fault("{\""s + name + "\":null}") == name);
  }
}

TEST_CASE("every field of a topic has its type and its bounds") {
  const std::vector<std::pair<std::string, std::vector<std::string>>> good{
      {"retention_count", {"1", "9007199254740992"}},
      {"retention_bytes", {"1", "9007199254740992"}},
      {"max_depth", {"1", "9007199254740992"}},
      {"max_message_bytes", {"1", "67108864"}},
      {"retention_age", {"0.001", "31536000", "1"}},
      {"limit_message_expiry", {"0.001", "31536000"}},
      {"limit_sub_inactivity", {"0.001", "31536000"}},
      {"ack_timeout", {"0.001", "31536000"}},
      {"on_no_subscribers", {"\"keep\"", "\"drop\""}},
      {"is_active", {"true", "false"}},
      {"durable", {"true", "false"}},
      {"conflate", {"true", "false"}}};
  const std::vector<std::pair<std::string, std::vector<std::string>>> wrong{
      {"retention_count", {"0", "-1", "1.5", "9007199254740993", "\"1\"", "true", "{}", "[]"}},
      {"retention_bytes", {"0", "-1", "1.5", "9007199254740993", "\"1\""}},
      {"max_depth", {"0", "-1", "1.5", "9007199254740993", "\"1\""}},
      {"max_message_bytes", {"0", "67108865", "-1", "1.5"}},
      {"retention_age", {"0", "-1", "31536001", "\"1\"", "1e300", "true"}},
      {"limit_message_expiry", {"0", "31536001", "\"1\""}},
      {"limit_sub_inactivity", {"0", "31536001", "\"1\""}},
      {"ack_timeout", {"0", "31536001", "\"1\""}},
      {"on_no_subscribers", {"\"Keep\"", "\"\"", "1", "true"}},
      {"is_active", {"1", "\"true\""}},
      {"durable", {"0", "\"\""}},
      {"conflate", {"[]", "\"no\""}}};
  for (const auto& [name, values] : good)
    for (const auto& value : values) {
      CHECK(topic_fault(name, value).empty());
      CHECK(patch_fault("{\"" + name + "\":" + value + "}").empty());
    }
  for (const auto& [name, values] : wrong)
    for (const auto& value : values) {
      CHECK(topic_fault(name, value) == name);
      CHECK(patch_fault("{\"" + name + "\":" + value + "}") == name);
    }
}

TEST_CASE("a patch of a topic changes what it names and nothing else") {
  const auto before = some_topic();
  const auto after = patch_topic(before, R"({"max_depth":51,"durable":true})");
  REQUIRE(after);
  auto expected = before;
  expected.max_depth = 51;
  expected.durable = true;
  CHECK(*after == expected);
  CHECK(*patch_topic(before, "{}") == before);
}

TEST_CASE("null puts a field of a topic back to its default") {
  topic_definition usual;
  usual.name = some_topic().name;
  usual.number = some_topic().number;
  usual.created_at_us = some_topic().created_at_us;
  std::string patch = "{";
  for (const auto& each : topic_fields())
    if (each.name != "name")
      patch += (patch.size() > 1 ? ",\"" : "\"") + std::string{each.name} + "\":null";
  CHECK(*patch_topic(some_topic(), patch + "}") == usual);
}

TEST_CASE("null in a new topic is its default") {
  const auto read = parse_topic(R"({"name":"/a","retention_count":null,"durable":null})");
  REQUIRE(read);
  CHECK(read->retention_count == topic_definition{}.retention_count);
  CHECK(read->durable);
}

TEST_CASE("a topic keeps its name") {
  CHECK(patch_topic(some_topic(), R"({"name":"/orders/new"})"));
  CHECK(patch_fault(R"({"name":"/other"})") == "name");
  CHECK(patch_fault(R"({"name":null})") == "name");
  CHECK(patch_fault(R"({"name":1})") == "name");
}

TEST_CASE("a patch that is no object is refused") {
  for (const auto* text : {"", "[]", "null", "1", "{\"durable\":}"})
    CHECK_FALSE(patch_topic(some_topic(), text));
}

TEST_CASE("a patch leaves every number as it was, to the last bit") {
  CHECK(rc::check([] {
    auto topic = some_topic();
    const auto some_time = [] {
      return static_cast<double>(*rc::gen::inRange<std::int64_t>(1, 31'536'000'000'000))
             / 1'000'003.0;
    };
    topic.retention_age = some_time();
    topic.limit_message_expiry = some_time();
    topic.limit_sub_inactivity = some_time();
    topic.ack_timeout = some_time();
    topic.retention_count = *rc::gen::inRange<std::uint64_t>(1, std::uint64_t{1} << 53);
    RC_ASSERT(*patch_topic(topic, "{}") == topic);
  }));
}

TEST_CASE("every field of a topic has a sentence and a place of its own") {
  std::size_t i = 0;
  for (const auto& each : topic_fields()) {
    CHECK_FALSE(each.what.empty());
    CHECK((each.kind == "choice") == !each.choices.empty());
    for (std::size_t j = 0; j < i; ++j)
      CHECK(topic_fields()[j].name != each.name);
    ++i;
  }
  // The number and the time of its making are nobody's to give.
  CHECK(i + 2 == std::tuple_size_v<decltype(topic_definition::fields)>);
}

TEST_CASE("the version of a topic changes with every field, and with nothing else") {
  const auto version = etag_of(some_topic());
  CHECK(version == etag_of(some_topic()));
  CHECK(version.size() == 18);
  CHECK(version.front() == '"');
  CHECK(version.back() == '"');
  for (const auto* patch :
       {R"({"is_active":true})", R"({"durable":true})", R"({"retention_count":11})",
        R"({"retention_bytes":1})", R"({"retention_age":1})", R"({"max_depth":1})",
        R"({"max_message_bytes":1})", R"({"on_no_subscribers":"keep"})",
        R"({"limit_message_expiry":1})", R"({"limit_sub_inactivity":1})", R"({"ack_timeout":1})",
        R"({"conflate":true})"})
    CHECK(etag_of(*patch_topic(some_topic(), patch)) != version);
}

TEST_CASE("what can be edited of a topic is what an edit takes") {
  const auto before = parse_topic(R"({"name":"a"})");
  REQUIRE(before);
  for (const auto& field : topic_fields()) {
    const auto edit = patch_topic(*before, "{\"" + std::string{field.name} + "\":null}");
    INFO(field.name);
    CHECK(static_cast<bool>(edit) == field.editable);
    CHECK(field.what.size() > 20);
    CHECK((field.kind == "choice") == !field.choices.empty());
  }
}

TEST_CASE("a fault of a topic names the field") {
  CHECK(field_of(parse_topic(R"({"name":"a","max_depth":0})").error()) == "max_depth");
  CHECK(field_of(parse_topic(R"({"name":"*"})").error()) == "name");
  CHECK(field_of(parse_topic(R"({})").error()) == "name");
}
