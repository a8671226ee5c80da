#include "actors/pubsub_service.hpp"

#include "tests/actors/one_subscriber.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

/// The services behind the names, and a client that calls them.
class one_caller : public one_subscriber {
public:
  one_caller() {
    service = start<pubsub_service>();
    tell(service, addresses);
    auto from = std::make_shared<arrival>();
    from->id = "ws.0";
    from->channel = "demo";
    who->from = from;
    who->client_id = "ext.1";
    who->channel = rules;
  }

  service_reply call(const std::string& name, const std::string& payload) {
    return *ask<service_reply>(service, service_request{"c", name, payload, who, deadline::max()});
  }
  int status(const std::string& name, const std::string& payload) {
    return call(name, payload).status;
  }
  std::string member(const service_reply& of, const std::string& name) {
    std::string out;
    const auto value = find_member(of.payload, name);
    return json_string(value, out) ? out : std::string{value};
  }

  std::shared_ptr<caller> who = std::make_shared<caller>();
  pubsub_service::handle service;
};

} // namespace

TEST_CASE_METHOD(one_caller, "a client publishes and gets the message's id") {
  for (const auto* name : {"pubsub.publish", "zato.pubsub.pubapi.publish-message"}) {
    const auto told = call(name, R"({"topic_name":"news","data":{"a" : 1},"priority":9})");
    CHECK(told.status == 200);
    CHECK(member(told, "msg_id").starts_with("zpsm"));
  }
  const auto page = ask<message_page>(topic(), message_query{});
  REQUIRE(page->messages.size() == 2);
  const auto& about = page->messages[0]->about();
  CHECK(page->messages[0]->data() == "{\"a\" : 1}");
  CHECK(about.priority == 9);
  CHECK(about.publisher == "ext.1");
  CHECK(about.channel == "demo");
}

TEST_CASE_METHOD(one_caller, "publishing says what is wrong") {
  const auto publish = [&](const std::string& payload) {
    return status("pubsub.publish", payload);
  };
  CHECK(publish("[]") == 400);
  CHECK(publish("null") == 400);
  CHECK(publish(R"({"data":1})") == 400);
  CHECK(publish(R"({"topic_name":"news"})") == 400);
  CHECK(publish(R"({"topic_name":"news","data":""})") == 400);
  CHECK(publish(R"({"topic_name":"news","data":1,"priority":0})") == 400);
  CHECK(publish(R"({"topic_name":"news","data":1,"priority":10})") == 400);
  CHECK(publish(R"({"topic_name":"secret","data":1})") == 403);
  CHECK(publish(R"({"topic_name":"news2","data":1})") == 404);
  ask<topic_info>(first_house.topics, edit_topic{"news", R"({"is_active":false})", {}}).reply();
  CHECK(publish(R"({"topic_name":"news","data":1})") == 503);
}

TEST_CASE_METHOD(one_caller, "where to publish is said at once, once the topic is known") {
  const auto at_once = start_on_loop<pubsub_service>();
  tell(at_once, addresses);
  auto& state = state_on<pubsub_service>(at_once);
  service_request request{"c", "pubsub.publish", R"({"topic_name":"news","data":[1],"key":"k"})",
                          who, deadline::max()};
  const auto ask_state = [&](const std::string& payload) {
    request.payload = payload;
    return state.answer(request);
  };
  const auto payload = request.payload;
  CHECK(std::holds_alternative<ask_by_message>(ask_state(payload)));
  CHECK(request.payload == payload);
  CHECK(ask<service_reply>(at_once, request)->status == 200);

  const auto said = ask_state(payload);
  const auto& further = std::get<handed_on>(said);
  REQUIRE(further.publication);
  CHECK(further.publication->topic == topic());
  const auto& message = further.publication->message;
  CHECK(message.data == "[1]");
  CHECK(message.key == "k");
  CHECK(message.publisher == "ext.1");
  CHECK(message.channel == "demo");

  const auto status_of = [&](const std::string& refused) {
    return std::get<service_reply>(ask_state(refused)).status;
  };
  CHECK(status_of("[]") == 400);
  CHECK(status_of(R"({"data":1})") == 400);
  CHECK(status_of(R"({"topic_name":7,"data":1})") == 400);
  CHECK(status_of(R"({"topic_name":"secret"})") == 403);
  CHECK(status_of(R"({"topic_name":"news"})") == 400);
  request.service = "pubsub.unsubscribe";
  CHECK(std::holds_alternative<ask_by_message>(ask_state(payload)));
}

TEST_CASE_METHOD(one_caller, "a topic that has failed or retired is found again") {
  const std::string payload = R"({"topic_name":"news","data":1})";
  CHECK(status("pubsub.publish", payload) == 200);
  SECTION("it has failed") {
    tell(topic(), drill{});
  }
  SECTION("it has retired") {
    pass(std::chrono::seconds{65});
  }
  SECTION("it was made anew") {
    ask<topic_info>(first_house.topics, edit_topic{"news", {}, {}}).reply();
    make_topic(R"({"name":"news"})");
  }
  SECTION("all of them have") {
    tell(first_house.topics, drill{});
    CHECK(status("pubsub.publish", payload) == 503);
    begin_topics();
    tell(service, addresses);
  }
  CHECK(status("pubsub.publish", payload) == 200);
}

TEST_CASE_METHOD(one_caller, "a topic is made where the channel wants it") {
  auto next = *rules;
  next.create_topics = true;
  who->channel = std::make_shared<const channel_definition>(next);
  CHECK(status("pubsub.publish", R"({"topic_name":"news2","data":1})") == 200);
  CHECK(status("pubsub.publish", R"({"topic_name":"secret","data":1})") == 403);
  CHECK(topic("news2"));
}

TEST_CASE_METHOD(one_caller, "a client subscribes by each of the names") {
  const auto* name = "pubsub.subscribe";
  SECTION("ours") {}
  SECTION("the original's") {
    name = "zato.pubsub.subscription.create-wsx-subscription";
  }
  SECTION("the API's") {
    name = "zato.pubsub.pubapi.subscribe-wsx";
  }
  const auto told = call(name, R"({"topic_name":"news"})");
  CHECK(told.status == 200);
  CHECK(member(told, "sub_key").starts_with("zpsk.wsx.ext.1."));
  CHECK(member(told, "current_depth") == "0");
  publish();
  CHECK(seqs() == up_to(1));
  CHECK(status("pubsub.unsubscribe", R"({"topic_name":"news"})") == 200);
  CHECK(status("pubsub.unsubscribe", R"({"topic_name":"news"})") == 404);
}

TEST_CASE_METHOD(one_caller, "several topics are subscribed to at once, or none") {
  make_topic(R"({"name":"news2"})");
  const auto told = call("pubsub.subscribe", R"({"topic_name_list":["news","news2"]})");
  CHECK(told.status == 200);
  const auto all = json_elements(find_member(told.payload, "sub_data"));
  REQUIRE(all.size() == 2);
  CHECK(find_member(all[0], "topic_name") == "\"news\"");
  CHECK(find_member(all[1], "topic_name") == "\"news2\"");
  call("pubsub.unsubscribe", R"({"topic_name":"news"})");
  call("pubsub.unsubscribe", R"({"topic_name":"news2"})");
  CHECK(status("pubsub.subscribe", R"({"topic_name_list":["news","news3"]})") == 404);
  CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
}

TEST_CASE_METHOD(one_caller, "topics that one had before stay when others cannot be had") {
  const auto key = member(call("pubsub.subscribe", R"({"topic_name":"news"})"), "sub_key");
  CHECK(status("pubsub.subscribe", R"({"topic_name_list":["news","news3"]})") == 404);
  const auto left = ask<subscription_list>(testee, list_subscriptions{})->items;
  REQUIRE(left.size() == 1);
  CHECK(left[0].about->sub_key == key);
}

TEST_CASE_METHOD(one_caller, "subscribing says what is wrong") {
  const auto subscribe = [&](const std::string& payload) {
    return status("pubsub.subscribe", payload);
  };
  CHECK(subscribe("{}") == 400);
  CHECK(subscribe(R"({"topic_name":"news","topic_name_list":["news"]})") == 400);
  CHECK(subscribe(R"({"topic_name_list":[]})") == 400);
  CHECK(subscribe(R"({"topic_name_list":["news",1]})") == 400);
  CHECK(subscribe(R"({"topic_name":"news","ack":"never"})") == 400);
  CHECK(subscribe(R"({"topic_name":"news","from":"yesterday"})") == 400);
  CHECK(subscribe(R"({"topic_name":"secret"})") == 403);
  CHECK(subscribe(R"({"topic_name":"news2"})") == 404);
}

TEST_CASE_METHOD(one_caller, "a client acknowledges and resumes") {
  const auto told =
      call("pubsub.subscribe", R"({"topic_name":"news","durable":true,"ack":"client"})");
  const auto key = quoted(member(told, "sub_key"));
  publish_many(3);
  CHECK(status("pubsub.ack", "{\"sub_key\":" + key + ",\"up_to\":2}") == 200);
  CHECK(info(member(told, "sub_key"))->depth == 1);
  CHECK(status("pubsub.ack", "{\"sub_key\":" + key + "}") == 400);
  CHECK(status("pubsub.ack", "{\"sub_key\":" + key + ",\"up_to\":\"2\"}") == 400);
  CHECK(status("pubsub.ack", R"({"sub_key":"zpsk.none","up_to":2})") == 404);
  for (const auto* name : {"pubsub.resume", "zato.pubsub.resume-wsx-subscription"})
    CHECK(status(name, "{\"sub_key\":" + key + "}") == 200);
  CHECK(status("pubsub.resume", "{}") == 400);
  CHECK(status("pubsub.resume", R"({"sub_key":"zpsk.none"})") == 404);
  CHECK(status("pubsub.unsubscribe", "{}") == 400);
  CHECK(status("zato.pubsub.pubapi.unsubscribe", "{\"sub_key\":" + key + "}") == 200);
}

TEST_CASE_METHOD(one_caller, "a client sees the topics that it may use, and their past") {
  make_topic(R"({"name":"secret"})");
  const auto told = call("pubsub.topics", "null");
  const auto all = json_elements(find_member(told.payload, "topics"));
  REQUIRE(all.size() == 1);
  CHECK(find_member(all[0], "name") == "\"news\"");
  publish_many(5);
  const auto past = [&](const std::string& more) {
    numbers out;
    const auto page = call("pubsub.history", R"({"topic_name":"news")" + more + "}");
    for (const auto each : json_elements(find_member(page.payload, "messages")))
      out.push_back(std::stoull(std::string{find_member(each, "seq")}));
    return out;
  };
  CHECK(past("") == up_to(5));
  CHECK(past(",\"limit\":2") == numbers{4, 5});
  CHECK(past(",\"limit\":2,\"from_seq\":2") == numbers{2, 3});
  CHECK(status("pubsub.history", R"({"topic_name":"news","limit":0})") == 400);
  CHECK(status("pubsub.history", R"({"topic_name":"secret"})") == 403);
  CHECK(status("pubsub.history", R"({"topic_name":"news2"})") == 404);
}
