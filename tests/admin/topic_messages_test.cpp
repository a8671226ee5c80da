#include "tests/admin/fake_topics.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

std::string cursor_of(const http_response& response) {
  std::string out;
  json_string(find_member(response.body, "next_cursor"), out);
  return out;
}

} // namespace

TEST_CASE_METHOD(some_topics, "messages come with their data as it was published") {
  page = {{message_of(9, R"({ "n": 1.50 })"), message_of(8, "\"x\"")}, 40, false, 8};
  const auto response = call("GET", one + "/messages");
  CHECK(response.status == 200);
  CHECK(!check_json(response.body));
  const auto items = json_elements(find_member(response.body, "items"));
  REQUIRE(items.size() == 2);
  CHECK(find_member(items[0], "data") == R"({ "n": 1.50 })");
  CHECK(find_member(items[0], "msg_id") == R"("zpsm.9")");
  CHECK(find_member(items[0], "seq") == "9");
  CHECK(find_member(items[0], "priority") == "5");
  CHECK(find_member(items[0], "size") == "13");
  CHECK(find_member(items[0], "key") == "null");
  CHECK(find_member(items[0], "channel") == "null");
  CHECK(find_member(items[0], "publisher") == R"("till 7")");
  CHECK(find_member(items[0], "published_at") == R"("2026-11-23T12:00:00.000000Z")");
  CHECK(member_of(response, "total") == "40");
  CHECK(member_of(response, "next_cursor") == "null");
  REQUIRE(queries.size() == 1);
  CHECK(queries[0].newest_first);
  CHECK(queries[0].limit == 50);
  CHECK(queries[0].sub_key.empty());
}

TEST_CASE_METHOD(some_topics, "of long data a list has the beginning where that is asked for") {
  page = {{message_of(9, R"({"n":1})"), message_of(8, R"("aü")")}, 40, false, 8};
  const auto response = call("GET", one + "/messages?data_bytes=3");
  const auto cut = json_elements(find_member(response.body, "items"));
  REQUIRE(cut.size() == 2);
  CHECK(!check_json(response.body));
  CHECK(find_member(cut[0], "data") == "null");
  CHECK(find_member(cut[0], "data_begin") == R"("{\"n")");
  CHECK(find_member(cut[0], "size") == "7");
  CHECK(find_member(cut[1], "data_begin") == R"("\"a")");
  const auto all = call("GET", one + "/messages?data_bytes=7").body;
  const auto whole = json_elements(find_member(all, "items"));
  REQUIRE(whole.size() == 2);
  CHECK(find_member(whole[0], "data") == R"({"n":1})");
  CHECK(find_member(whole[0], "data_begin").empty());
  CHECK(call("GET", one + "/messages?data_bytes=many").status == 400);
}

TEST_CASE_METHOD(some_topics, "a page of messages goes on where the search has come to") {
  page = {{message_of(9, "1")}, 40, true, 5};
  const auto cursor = cursor_of(call("GET", one + "/messages?limit=1&text=a%20b"));
  CHECK(!cursor.empty());
  CHECK(queries.back().text == "a b");
  CHECK(call("GET", one + "/messages?limit=1&text=a%20b&cursor=" + cursor).status == 200);
  CHECK(queries.back().after_seq == 5);
  CHECK(queries.back().limit == 1);
  CHECK(call("GET", one + "/messages?order=asc&cursor=" + cursor).status == 400);
  const auto upwards = cursor_of(call("GET", one + "/messages?order=asc"));
  CHECK(!queries.back().newest_first);
  CHECK(call("GET", one + "/messages?order=asc&cursor=" + upwards).status == 200);
  CHECK(queries.back().after_seq == 5);
}

TEST_CASE_METHOD(some_topics, "questions about messages that make no sense are refused") {
  for (const auto* query : {"limit=0", "order=up", "order=", "cursor=17", "cursor=desc-",
                            "cursor=desc-1x", "fields=data", "sort=seq"})
    CHECK(call("GET", one + "/messages?" + query).status == 400);
  CHECK(queries.empty());
}

TEST_CASE_METHOD(some_topics, "a single message is shown by its id") {
  page = {{message_of(9, "{\"a\":1}")}, 1, false, 9};
  const auto response = call("GET", one + "/messages/zpsm.9");
  CHECK(response.status == 200);
  CHECK(member_of(response, "data") == "{\"a\":1}");
  CHECK(queries.back().msg_id == "zpsm.9");
  page = {};
  CHECK(call("GET", one + "/messages/none").status == 404);
}

TEST_CASE_METHOD(some_topics, "deleting one message says whether it was there") {
  deleted = 1;
  CHECK(call("DELETE", one + "/messages/zpsm.9").status == 204);
  REQUIRE(deletions.size() == 1);
  CHECK(deletions[0].msg_id == "zpsm.9");
  CHECK(deletions[0].sub_key.empty());
  deleted = 0;
  CHECK(call("DELETE", one + "/messages/none").status == 404);
}

TEST_CASE_METHOD(some_topics, "a topic and a queue are cleared with a verb behind their name") {
  deleted = 12;
  const auto topic = call("POST", one + ":clear");
  CHECK(topic.status == 200);
  CHECK(topic.body == R"({"deleted":12})");
  CHECK(sought.back().name == "/orders/new");
  CHECK(deletions.back().msg_id.empty());
  CHECK(call("POST", queue + ":clear").status == 200);
  CHECK(sought.back().number == 7);
  CHECK(deletions.back().sub_key == key);
  CHECK(call("POST", one + "%3Aclear").status == 405);
}

TEST_CASE_METHOD(some_topics, "the messages that wait for a subscription are asked of its topic") {
  page = {{message_of(9, "1")}, 1, false, 9};
  CHECK(call("GET", queue + "/messages?order=asc").status == 200);
  CHECK(sought.back().number == 7);
  CHECK(sought.back().name.empty());
  CHECK(queries.back().sub_key == key);
  CHECK(call("GET", queue + "/messages/zpsm.9").status == 200);
  CHECK(queries.back().sub_key == key);
  deleted = 1;
  CHECK(call("DELETE", queue + "/messages/zpsm.9").status == 204);
  CHECK(deletions.back().sub_key == key);
  CHECK(deletions.back().msg_id == "zpsm.9");
}

TEST_CASE_METHOD(some_topics, "a key that is none has no messages") {
  CHECK(call("GET", "/api/v1/subscriptions/nonsense/messages").status == 404);
  CHECK(call("POST", "/api/v1/subscriptions/nonsense:clear").status == 404);
  CHECK(sought.empty());
  CHECK(deletions.empty());
}
