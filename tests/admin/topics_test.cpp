#include "admin/topic_json.hpp"
#include "tests/admin/fake_topics.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

TEST_CASE_METHOD(some_topics, "topics are listed by name with their live counts") {
  const auto response = call("GET", "/api/v1/topics");
  CHECK(response.status == 200);
  CHECK(!check_json(response.body));
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 2);
  CHECK(find_member(items[0], "name") == R"("/news")");
  CHECK(find_member(items[0], "messages") == "0");
  CHECK(find_member(items[0], "last_published_at") == "null");
  CHECK(find_member(items[1], "name") == R"("/orders/new")");
  CHECK(find_member(items[1], "messages") == "3");
  CHECK(find_member(items[1], "publish_rate") == "2.5");
  CHECK(find_member(items[1], "from_file") == "false");
  CHECK(call("GET", "/api/v1/topics?sort=-publications&fields=name,depth").status == 200);
  CHECK(call("GET", "/api/v1/topics?sort=number").status == 400);
}

TEST_CASE_METHOD(some_topics, "topics are searched by a part of their names") {
  const auto names = [this](const std::string& text) {
    const auto body = call("GET", "/api/v1/topics?fields=name&search=" + text).body;
    return std::string{find_member(body, "items")} + std::string{find_member(body, "total")};
  };
  CHECK(names("NEW") == R"([{"name":"/news"},{"name":"/orders/new"}]2)");
  CHECK(names("rs%2Fn") == R"([{"name":"/orders/new"}]1)");
  CHECK(names("%22") == "[]0");
  CHECK(names("") == R"([{"name":"/news"},{"name":"/orders/new"}]2)");
}

TEST_CASE_METHOD(some_topics, "every field by which topics are sorted is in their rows") {
  const auto body = call("GET", one).body;
  for (const auto& name : topic_row_names()) {
    CHECK(!find_member(body, name).empty());
    CHECK(call("GET", "/api/v1/topics?sort=" + name).status == 200);
  }
}

TEST_CASE_METHOD(some_topics, "a topic with slashes in its name carries its version") {
  const auto response = call("GET", one);
  CHECK(response.status == 200);
  CHECK(header_of(response, "ETag") == etag_of(*orders));
  CHECK(call("GET", "/api/v1/topics/%2Fnone").status == 404);
}

TEST_CASE_METHOD(some_topics, "a new topic is answered with 201 and where it is") {
  const auto response = call("POST", "/api/v1/topics", R"({"name":"/orders/new"})");
  CHECK(response.status == 201);
  CHECK(header_of(response, "Location") == one);
  CHECK(header_of(response, "ETag") == etag_of(*orders));
  CHECK(created == R"({"name":"/orders/new"})");
}

TEST_CASE_METHOD(some_topics, "an edit of a topic goes on with the version that it depends on") {
  CHECK(call("PATCH", one, R"({"max_depth":5})", {{"if-match", "\"v1\""}}).status == 200);
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].name == "/orders/new");
  CHECK(edits[0].patch == R"({"max_depth":5})");
  CHECK(edits[0].if_match == "\"v1\"");
  const auto now = etag_of(*orders);
  CHECK(call("DELETE", one, {}, {{"if-match", "\"v1\" , " + now}}).status == 204);
  REQUIRE(edits.size() == 2);
  CHECK(edits[1].patch.empty());
  CHECK(edits[1].if_match == now);
  CHECK(call("DELETE", one, {}, {{"if-match", "\"v1\", \"v2\""}}).status == 412);
  CHECK(edits.size() == 2);
}

TEST_CASE_METHOD(some_topics, "an edit of a topic without a body deletes nothing") {
  CHECK(call("PATCH", one).status == 400);
  CHECK(edits.empty());
}

TEST_CASE_METHOD(some_topics, "a message is published in the name of the caller") {
  const auto response =
      call("POST", one + "/publish",
           R"({"data":{"a":1.50},"priority":9,"key":"k","msg_id":"m1","expiration":2.5})");
  CHECK(response.status == 200);
  CHECK(response.body == R"({"msg_id":"zpsm.1","seq":17})");
  REQUIRE(publications.size() == 1);
  CHECK(publications[0].data == R"({"a":1.50})");
  CHECK(publications[0].priority == 9);
  CHECK(publications[0].key == "k");
  CHECK(publications[0].expiration == 2.5);
  CHECK(publications[0].publisher == "token:admin");
  CHECK(publications[0].channel.empty());
}

TEST_CASE_METHOD(some_topics, "a publication that makes no sense is refused with its field") {
  for (const auto* body :
       {"", "{}", R"({"data":""})", R"({"data":{}})", R"({"data":1,"priority":10})",
        R"({"data":1,"colour":"red"})", R"({"data":1,"topic_name":"/news"})",
        R"({"data":1,"expiration":-1})", R"({"data":1,"key":5})"})
    CHECK(call("POST", one + "/publish", body).status == 400);
  CHECK(publications.empty());
  CHECK(call("POST", "/api/v1/topics/none/publish", R"({"data":1})").status == 404);
}

TEST_CASE_METHOD(some_topics, "publishers are listed, the latest first") {
  const auto response = call("GET", one + "/publishers");
  CHECK(response.status == 200);
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 2);
  CHECK(find_member(items[0], "name") == R"("token:ops")");
  CHECK(find_member(items[0], "channel") == "null");
  CHECK(find_member(items[1], "messages") == "5");
}

TEST_CASE_METHOD(some_topics, "the overview counts topics, subscriptions and their traffic") {
  desk.on<list_channels, channel_list>([](const list_channels&) { return channel_list{}; });
  const auto response = call("GET", "/api/v1/overview");
  CHECK(response.status == 200);
  CHECK(member_of(response, "topics") == "2");
  CHECK(member_of(response, "subscriptions") == "2");
  for (const auto* group : {"rates", "counters"})
    for (const auto* name : {"publications", "deliveries"})
      CHECK(!find_member(find_member(response.body, group), name).empty());
}
