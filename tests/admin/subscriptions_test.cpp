#include "admin/topic_json.hpp"
#include "tests/admin/fake_topics.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

TEST_CASE_METHOD(some_topics, "a subscription shows whose it is and how far it is") {
  info.connection_id = "ws.1";
  info.connected_at = wall_start;
  info.depth = 4;
  info.last_seq = 20;
  info.oldest_age = 1.5;
  info.about->counters.delivered_seq = 17;
  info.about->counters.acked_seq = 15;
  info.about->counters.unacked = 2;
  const auto response = call("GET", queue);
  CHECK(response.status == 200);
  CHECK(sought.back().number == 7);
  CHECK(member_of(response, "sub_key") == '"' + key + '"');
  CHECK(member_of(response, "ack") == R"("client")");
  CHECK(member_of(response, "connection_id") == R"("ws.1")");
  CHECK(member_of(response, "subscribed_at") == R"("2026-11-23T12:00:00.000000Z")");
  CHECK(member_of(response, "resumed_at") == "null");
  CHECK(member_of(response, "detached_at") == "null");
  CHECK(member_of(response, "oldest_age") == "1.5");
  CHECK(member_of(response, "lag") == "3");
  CHECK(member_of(response, "unacked") == "2");
  for (const auto& name : subscription_row_names())
    CHECK(!member_of(response, name).empty());
}

TEST_CASE_METHOD(some_topics, "a subscription that nobody has shows no connection and no lag") {
  info.detached_at = wall_start;
  info.about->counters.delivered_seq = 17;
  info.last_seq = 16;
  const auto response = call("GET", queue);
  CHECK(member_of(response, "connection_id") == "null");
  CHECK(member_of(response, "detached_at") == R"("2026-11-23T12:00:00.000000Z")");
  CHECK(member_of(response, "oldest_age") == "null");
  CHECK(member_of(response, "lag") == "0");
}

TEST_CASE_METHOD(some_topics, "the subscriptions of a topic and of a connection are listed") {
  for (const auto& path : {one + "/subscriptions", std::string{"/api/v1/connections/ws.1/"
                                                               "subscriptions"}}) {
    const auto response = call("GET", path);
    CHECK(response.status == 200);
    CHECK(member_of(response, "total") == "1");
    CHECK(member_of(call("GET", path + "?search=Till"), "total") == "1");
    CHECK(member_of(call("GET", path + "?search=browser"), "total") == "0");
    CHECK(call("GET", path + "?sort=-depth&fields=sub_key,depth").status == 200);
    CHECK(call("GET", path + "?sort=colour").status == 400);
  }
  CHECK(call("GET", "/api/v1/connections/ws.2/subscriptions").status == 404);
}

TEST_CASE_METHOD(some_topics, "unknown and malformed keys are not found") {
  CHECK(call("GET", "/api/v1/subscriptions/nonsense").status == 404);
  CHECK(sought.empty());
  // Of a topic that is gone.
  const auto gone = call("GET", "/api/v1/subscriptions/zpsk.wsx.a.000000090123456789abcdef");
  CHECK(gone.status == 404);
  CHECK(member_of(gone, "detail") == R"("There is no such subscription")");
  CHECK(call("GET", "/api/v1/subscriptions/zpsk.wsx.a.000000070123456789abcdef").status == 404);
}

TEST_CASE_METHOD(some_topics, "a subscription is ended by its topic") {
  CHECK(call("DELETE", queue).status == 204);
  REQUIRE(ended.size() == 1);
  CHECK(ended[0].sub_key == key);
}

TEST_CASE_METHOD(some_topics, "a client is subscribed on its behalf") {
  const auto response = call("POST", "/api/v1/connections/ws.1/subscriptions",
                             R"({"topic_name":"/news","ack":"client","durable":true,"from":17,)"
                             R"("delivery_batch_size":5,"wrap_one_msg_in_list":true})");
  CHECK(response.status == 201);
  CHECK(response.body == R"({"topic_name":"/news","sub_key":")" + key + R"(","current_depth":4})");
  CHECK(header_of(response, "Location") == queue);
  REQUIRE(subscribed_for.size() == 1);
  const auto& asked = subscribed_for[0];
  CHECK(asked.topic_name == "/news");
  CHECK(asked.by_administrator);
  CHECK(asked.options.ack == ack_mode::client);
  CHECK(asked.options.durable);
  CHECK(asked.options.from.seq == 17);
  CHECK(asked.options.batch_size == 5);
  CHECK(asked.options.wrap_one);
}

TEST_CASE_METHOD(some_topics, "a subscription that makes no sense is refused") {
  const std::string path = "/api/v1/connections/ws.1/subscriptions";
  for (const auto* body :
       {"", "{}", R"({"topic_name":5})", R"({"topic_name":"/news","ack":"never"})",
        R"({"topic_name":"/news","from":"then"})", R"({"topic_name":"/news","sub_key":"x"})",
        R"({"topic_name":"/news","delivery_batch_size":0})"})
    CHECK(call("POST", path, body).status == 400);
  CHECK(subscribed_for.empty());
}
