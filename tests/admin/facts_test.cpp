#include "messages/attribute.hpp"
#include "messages/channel_edit.hpp"
#include "messages/channel_fields.hpp"
#include "messages/topic_edit.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

timestamp at_second(int count) {
  return timestamp{std::chrono::seconds{count}};
}

/// The items of a list that is answered whole.
std::vector<std::string> items_of(const http_response& response) {
  REQUIRE(response.status == 200);
  REQUIRE(!check_json(response.body));
  const auto items = json_elements(find_member(response.body, "items"));
  CHECK(member_of(response, "total") == std::to_string(items.size()));
  CHECK(member_of(response, "next_cursor") == "null");
  return {items.begin(), items.end()};
}

std::string_view find_item(const std::vector<std::string>& items, std::string_view name) {
  for (const auto& item : items)
    if (find_member(item, "name") == quoted(name))
      return item;
  FAIL("there is no item of that name");
  return {};
}

} // namespace

TEST_CASE_METHOD(admin_world, "the history is answered from the oldest to the newest") {
  options.loop_busy_seconds = [] { return std::vector<double>{0}; };
  const auto first = call("GET", "/api/v1/overview/history");
  CHECK(first.body == R"({"interval":5,"items":[]})");
  pass(10s);
  const auto response = call("GET", "/api/v1/overview/history");
  CHECK(!check_json(response.body));
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 2);
  CHECK(find_member(items[0], "at") <= find_member(items[1], "at"));
  CHECK(find_member(items[0], "connections") == "0");
  CHECK(find_member(items[0], "commit_ms") == "null");
  CHECK(find_member(items[0], "loop_load") == "[0]");
  CHECK(find_member(items[0], "resident_bytes").size() > 4);
  for (const auto* name : {"sessions", "messages_in", "messages_out", "bytes_in", "bytes_out",
                           "connects", "disconnects", "publications", "deliveries", "invocations",
                           "errors", "slow_consumers", "commits", "cpu"})
    CHECK(!find_member(items[0], name).empty());
}

TEST_CASE_METHOD(admin_world, "the history ends with the endpoint") {
  call("GET", "/api/v1/overview/history");
  handler = nullptr;
  // The last tick finds nobody.
  pass(6s);
  CHECK(scheduler.clock().schedule().empty());
}

TEST_CASE_METHOD(admin_world, "incidents are listed from the newest") {
  options.incidents = [] {
    return std::vector<incident>{{9, at_second(1), "warning", "nine"},
                                 {10, at_second(1), "error", "ten\n\"\xff\x01"},
                                 {11, at_second(2), "critical", "eleven"}};
  };
  const auto all = call("GET", "/api/v1/incidents");
  REQUIRE(all.status == 200);
  CHECK(!check_json(all.body));
  const auto items = json_elements(find_member(all.body, "items"));
  REQUIRE(items.size() == 3);
  CHECK(find_member(items[0], "text") == R"("eleven")");
  CHECK(find_member(items[0], "level") == R"("critical")");
  CHECK(find_member(items[1], "text") == "\"ten\\n\\\"\xef\xbf\xbd\\u0001\"");
  CHECK(find_member(items[2], "text") == R"("nine")");
  const auto page = call("GET", "/api/v1/incidents?limit=1&sort=at&fields=text");
  CHECK(find_member(page.body, "items") == R"([{"text":"nine"}])");
  CHECK(member_of(page, "total") == "3");
  CHECK(member_of(page, "next_cursor") != "null");
  CHECK(call("GET", "/api/v1/incidents?sort=colour").status == 400);
}

TEST_CASE_METHOD(admin_world, "nobody who keeps incidents, no incidents") {
  CHECK(member_of(call("GET", "/api/v1/incidents"), "total") == "0");
}

TEST_CASE_METHOD(admin_world, "attributes are told with their kind and their meaning") {
  const auto items = items_of(call("GET", "/api/v1/attributes"));
  REQUIRE(items.size() == attributes().size());
  const auto idle = find_item(items, "idle");
  CHECK(find_member(idle, "kind") == R"("duration")");
  CHECK(find_member(idle, "derived") == "true");
  CHECK(find_member(idle, "sortable") == "true");
  const auto labels = find_item(items, "labels");
  CHECK(find_member(labels, "kind") == R"("labels")");
  CHECK(find_member(labels, "derived") == "false");
  for (const auto& item : items)
    CHECK(find_member(item, "about").size() > 10);
}

TEST_CASE_METHOD(admin_world, "fields of a channel are told with their defaults") {
  const auto items = items_of(call("GET", "/api/v1/channels:fields"));
  REQUIRE(items.size() == channel_fields().size());
  CHECK(find_member(find_item(items, "ping_interval"), "default") == "45");
  CHECK(find_member(find_item(items, "max_connections"), "default") == "null");
  CHECK(find_member(find_item(items, "credentials"), "default") == "null");
  CHECK(find_member(find_item(items, "message_log"), "default") == "null");
  CHECK(find_member(find_item(items, "allowed_origins"), "default") == "[]");
  CHECK(find_member(find_item(items, "is_active"), "default") == "true");
  CHECK(find_member(find_item(items, "is_active"), "choices") == "[]");
  const auto security = find_item(items, "security");
  CHECK(find_member(security, "default") == R"("none")");
  CHECK(find_member(security, "choices") == R"(["none","basic","api_key"])");
  CHECK(find_member(security, "editable") == "true");
  CHECK(find_member(find_item(items, "name"), "editable") == "false");
}

TEST_CASE_METHOD(admin_world, "fields of a topic are told with their defaults") {
  const auto items = items_of(call("GET", "/api/v1/topics:fields"));
  REQUIRE(items.size() == topic_fields().size());
  CHECK(find_member(find_item(items, "max_depth"), "default") == "1000000");
  CHECK(find_member(find_item(items, "on_no_subscribers"), "choices") == R"(["keep","drop"])");
  CHECK(find_member(find_item(items, "name"), "editable") == "false");
  CHECK(find_member(find_item(items, "durable"), "editable") == "true");
}

TEST_CASE_METHOD(admin_world, "a channel is only checked when that is asked for") {
  std::vector<create_channel> asked;
  desk.on<create_channel, channel_info>(
      [&](const create_channel& what) -> caf::expected<channel_info> {
        asked.push_back(what);
        auto parsed = parse_channel(what.json);
        if (!parsed)
          return std::move(parsed.error());
        return channel_info{std::make_shared<const channel_definition>(parsed->definition)};
      });
  const std::string body = R"({"name":"a","path":"/a"})";
  const auto good = call("POST", "/api/v1/channels?dry_run=true", body);
  CHECK(good.status == 200);
  CHECK(header_of(good, "Location").empty());
  CHECK(member_of(good, "dry_run") == "true");
  CHECK(member_of(good, "path") == R"("/a")");
  CHECK(member_of(good, "ping_interval") == "45");
  CHECK(asked.back().dry_run);
  const auto bad = call("POST", "/api/v1/channels?dry_run=true", R"({"name":"a","path":"a"})");
  CHECK(bad.status == 400);
  CHECK(member_of(bad, "field") == R"("path")");
  CHECK(call("POST", "/api/v1/channels?dry_run=maybe", body).status == 400);
  CHECK(call("POST", "/api/v1/channels", body).status == 201);
  CHECK(!asked.back().dry_run);
}

TEST_CASE_METHOD(admin_world, "a topic is only checked when that is asked for") {
  std::vector<create_topic> made;
  std::vector<edit_topic> edited;
  const auto info = topic_info{std::make_shared<const topic_definition>(), nullptr, false};
  desk.on<create_topic, topic_info>([&](const create_topic& what) {
    made.push_back(what);
    return info;
  });
  desk.on<edit_topic, topic_info>([&](const edit_topic& what) {
    edited.push_back(what);
    return info;
  });
  const auto creation = call("POST", "/api/v1/topics?dry_run=true", R"({"name":"a"})");
  CHECK(creation.status == 200);
  CHECK(member_of(creation, "dry_run") == "true");
  CHECK(made.back().dry_run);
  const auto edit = call("PATCH", "/api/v1/topics/a?dry_run=true", R"({"durable":false})");
  CHECK(edit.status == 200);
  CHECK(member_of(edit, "dry_run") == "true");
  CHECK(edited.back().dry_run);
  CHECK(member_of(call("PATCH", "/api/v1/topics/a", "{}"), "dry_run").empty());
  CHECK(!edited.back().dry_run);
}
