#include "messages/channel_edit.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

channel_info info_of(const std::string& name) {
  channel_definition definition;
  definition.name = name;
  definition.path = '/' + name;
  return {std::make_shared<const channel_definition>(definition), 3, 2, false};
}

/// Channels `a` and `b`; what is asked of them is kept.
class two_channels : public admin_world {
public:
  two_channels() {
    desk.on<list_channels, channel_list>([](const list_channels&) {
      return channel_list{{info_of("b"), info_of("a")}};
    });
    desk.on<find_channel, channel_info>(
        [](const find_channel& what) -> caf::expected<channel_info> {
          if (what.name != "a" && what.name != "b")
            return make_error(errc::not_found, "There is no such channel");
          return info_of(what.name);
        });
    desk.on<create_channel, channel_info>([this](const create_channel& what) {
      created = what.json;
      return info_of("new one");
    });
    desk.on<edit_channel, channel_edited>([this](const edit_channel& what) {
      edits.push_back(what);
      return channel_edited{info_of(what.name), {"ws.1", "ws.2"}};
    });
  }
  std::string created;
  std::vector<edit_channel> edits;
};

const std::string one = "/api/v1/channels/a";

} // namespace

TEST_CASE_METHOD(two_channels, "channels are listed by name with their live counts") {
  const auto response = call("GET", "/api/v1/channels");
  CHECK(response.status == 200);
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 2);
  CHECK(find_member(items[0], "name") == R"("a")");
  CHECK(find_member(items[0], "connections") == "3");
  CHECK(find_member(items[0], "sessions") == "2");
  CHECK(member_of(response, "total") == "2");
  CHECK(member_of(response, "next_cursor") == "null");
  CHECK(member_of(response, "complete") == "true");
  CHECK(member_of(response, "missing") == "[]");
}

TEST_CASE_METHOD(two_channels, "a channel carries its version") {
  const auto response = call("GET", one);
  CHECK(response.status == 200);
  CHECK(header_of(response, "ETag") == etag_of(*info_of("a").definition));
  CHECK(call("GET", "/api/v1/channels/c").status == 404);
}

TEST_CASE_METHOD(two_channels, "a new channel is answered with 201 and where it is") {
  const auto response = call("POST", "/api/v1/channels", R"({"name":"new one"})");
  CHECK(response.status == 201);
  CHECK(header_of(response, "Location") == "/api/v1/channels/new%20one");
  CHECK(created == R"({"name":"new one"})");
}

TEST_CASE_METHOD(two_channels,
                 "a patch goes to the catalogue with the version that it depends on") {
  const auto response = call("PATCH", one, R"({"is_active":false})", {{"if-match", "\"v1\""}});
  CHECK(response.status == 200);
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].name == "a");
  CHECK(edits[0].patch == R"({"is_active":false})");
  CHECK(edits[0].if_match == "\"v1\"");
  CHECK(!edits[0].dry_run);
}

TEST_CASE_METHOD(two_channels, "of several versions one must be that of now") {
  const auto now = etag_of(*info_of("a").definition);
  CHECK(call("PATCH", one, "{}", {{"if-match", "\"v1\", " + now}}).status == 200);
  CHECK(edits.at(0).if_match == now);
  CHECK(call("PATCH", one, "{}", {{"if-match", "\"v1\", \"v2\""}}).status == 412);
  CHECK(edits.size() == 1);
}

TEST_CASE_METHOD(two_channels, "a patch without a body deletes nothing") {
  CHECK(call("PATCH", one).status == 400);
  CHECK(edits.empty());
}

TEST_CASE_METHOD(two_channels, "a dry run names the connections that would be closed") {
  const auto edited = call("PATCH", one + "?dry_run=true", R"({"is_active":false})");
  CHECK(edited.status == 200);
  CHECK(member_of(edited, "closes") == R"(["ws.1","ws.2"])");
  CHECK(member_of(edited, "dry_run") == "true");
  const auto deleted = call("DELETE", one + "?dry_run=true");
  CHECK(deleted.status == 200);
  CHECK(member_of(deleted, "closes") == R"(["ws.1","ws.2"])");
  CHECK(!check_json(deleted.body));
  REQUIRE(edits.size() == 2);
  CHECK((edits[0].dry_run && edits[1].dry_run));
  CHECK(call("DELETE", one + "?dry_run=yes").status == 400);
}

TEST_CASE_METHOD(two_channels, "deleting a channel is an edit without a patch") {
  const auto response = call("DELETE", one);
  CHECK(response.status == 204);
  CHECK(response.body.empty());
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].patch.empty());
}

TEST_CASE_METHOD(two_channels, "what the catalogue refuses is refused with its reason") {
  desk.on<edit_channel, channel_edited>([](const edit_channel&) -> caf::expected<channel_edited> {
    return make_error(errc::precondition_failed, "It was changed");
  });
  const auto response = call("PATCH", one, "{}", {{"if-match", "\"old\""}});
  CHECK(response.status == 412);
  CHECK(member_of(response, "detail") == R"("It was changed")");
}

TEST_CASE_METHOD(two_channels, "lists are cut into pages, sorted and narrowed") {
  const auto first = call("GET", "/api/v1/channels?limit=1&sort=-name&fields=name,path");
  CHECK(member_of(first, "items") == R"([{"name":"b","path":"/b"}])");
  CHECK(member_of(first, "total") == "2");
  std::string cursor;
  REQUIRE(json_string(member_of(first, "next_cursor"), cursor));
  const auto second =
      call("GET", "/api/v1/channels?limit=1&sort=-name&fields=name&cursor=" + cursor);
  CHECK(member_of(second, "items") == R"([{"name":"a"}])");
  CHECK(member_of(second, "next_cursor") == "null");
  CHECK(call("GET", "/api/v1/channels?sort=name&cursor=" + cursor).status == 400);
}

TEST_CASE_METHOD(two_channels,
                 "limits, orders, fields and cursors that make no sense are refused") {
  for (const auto* query :
       {"limit=0", "limit=-1", "limit=ten", "limit=", "limit=1.5", "sort=colour",
        "sort=", "fields=colour", "fields=", "cursor=zz", "cursor=abc"})
    CHECK(call("GET", std::string{"/api/v1/channels?"} + query).status == 400);
  CHECK(call("GET", "/api/v1/channels?limit=99999999999999999999").status == 200);
}
