#include "actors/pubsub_service.hpp"
#include "actors/service.hpp"
#include "actors/service_post.hpp"
#include "tests/actors/one_subscriber.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

channel_definition for_publishers() {
  auto made = with_topics();
  made.service = "pubsub.publish";
  return made;
}

/// A client of a channel that does nothing but publish, by a service of its loop.
class one_publisher : public one_subscriber {
public:
  one_publisher() : one_subscriber{for_publishers()} {
    post = start_on_loop<service_post>(make_service<pubsub_service>("pubsub.publish"),
                                       static_cast<caf::execution_unit*>(&loop), gauges_of_post);
    settle();
    tell(post, addresses);
    first_house.services =
        start<fake_services>(service_address{post, &state_on<service_post>(post)});
    addresses = std::make_shared<const house>(first_house);
    tell(testee_channel, addresses);
    client = connect();
    its_wire = wires.back();
    say(client, create("ext.2"));
    json_string(find_member(find_member(its_wire->texts.back(), "data"), "token"), token);
    its_wire->texts.clear();
    // Where the topic is the service learns by the first one.
    publish_as_client("0");
  }
  ~one_publisher() {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(post), caf::exit_reason::user_shutdown);
    settle();
  }

  std::string publication(const std::string& data) const {
    return call(R"({"topic_name":"news","data":)" + data + "}");
  }
  void publish_as_client(const std::string& data) { say(client, publication(data)); }
  std::string last_status() const {
    const auto value = find_member(find_member(its_wire->texts.back(), "meta"), "status");
    return std::string{value};
  }
  std::string stored() {
    std::string all;
    const auto page = ask<message_page>(topic(), message_query{});
    for (auto each = page->messages.rbegin(); each != page->messages.rend(); ++each)
      all += std::string{(*each)->data()} + ' ';
    return all;
  }
  std::uint64_t in_flight() const { return gauges_of_post->in_flight.load(); }

  std::shared_ptr<service_gauges> gauges_of_post = std::make_shared<service_gauges>();
  service_post::handle post;
  connection_actor client;
  std::shared_ptr<fake_wire> its_wire;
};

} // namespace

TEST_CASE_METHOD(one_publisher, "a client's connection asks the topic itself") {
  CHECK(last_status() == "200");
  take_turn(client, loop, wire_received{publication("1"), true});
  // Nobody else has had a turn.
  CHECK(in_flight() == 1);
  CHECK(its_wire->texts.size() == 1);
  settle();
  CHECK(last_status() == "200");
  std::string id;
  CHECK(json_string(find_member(find_member(its_wire->texts.back(), "data"), "msg_id"), id));
  CHECK(ask<message_page>(topic(), message_query{{}, {}, id})->messages.size() == 1);
  publish_as_client("2");
  CHECK(stored() == "0 1 2 ");
  CHECK(in_flight() == 0);
  CHECK(gauges_of_post->calls == 3);
  CHECK(gauges_of_post->errors == 0);
}

TEST_CASE_METHOD(one_publisher, "what the topic refuses is an error of the service") {
  ask<topic_info>(first_house.topics, edit_topic{"news", R"({"is_active":false})", {}}).reply();
  publish_as_client("1");
  CHECK(last_status() == "503");
  CHECK(gauges_of_post->errors == 1);
  CHECK(in_flight() == 0);
}

TEST_CASE_METHOD(one_publisher, "a publication looks for the topic of now when its own is gone") {
  SECTION("it has failed") {
    tell(topic(), drill{});
  }
  SECTION("it has retired") {
    pass(std::chrono::seconds{65});
  }
  publish_as_client("1");
  CHECK(last_status() == "200");
  CHECK(gauges_of_post->calls == 2);
  CHECK(stored() == "0 1 ");
  take_turn(client, loop, wire_received{publication("2"), true});
  CHECK(in_flight() == 1);
  settle();
  CHECK(stored() == "0 1 2 ");
}

TEST_CASE_METHOD(one_publisher, "publications that come back from a topic keep their order") {
  // It fails before it sees the first, which comes back while the second is on its way.
  caf::anon_send(topic(), drill{});
  take_turn(client, loop, wire_received{publication("1"), true});
  CHECK(in_flight() == 1);
  SECTION("both are with it") {}
  SECTION("it has failed already") {
    scheduler.try_run_once();
  }
  take_turn(client, loop, wire_received{publication("2"), true});
  settle();
  CHECK(stored() == "0 1 2 ");
  CHECK(last_status() == "200");
  CHECK(in_flight() == 0);
}

TEST_CASE_METHOD(one_publisher, "a call ends with its connection") {
  take_turn(client, loop, wire_received{publication("1"), true});
  CHECK(in_flight() == 1);
  caf::anon_send_exit(caf::actor_cast<caf::actor>(client), caf::exit_reason::kill);
  settle();
  CHECK(in_flight() == 0);
  CHECK(stored() == "0 1 ");
}
