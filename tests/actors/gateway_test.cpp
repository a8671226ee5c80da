#include "actors/gateway.hpp"

#include "actors/services.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_http_caller.hpp"
#include "tests/actors/test_services.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct a_gateway : test::actor_world {
  using strings = std::vector<std::string>;

  test::answer<service_reply> call(std::string payload, strings allowed = {"*"}) {
    return ask<service_reply>(testee, test::request_of(std::move(payload), std::move(allowed)));
  }

  test::fake_http_caller http;
  services_actor directory =
      start<services>(static_cast<caf::execution_unit*>(&loop), std::vector<service_definition>{},
                      static_cast<http_caller*>(&http));
  service_actor testee = start<gateway>(directory);
};

/// A directory that answers when the test says so, by telling it any addresses.
class slow_directory {
public:
  using handle = services_actor;
  struct script {
    std::vector<caf::typed_response_promise<found_service>> asked;
    service_actor answer;
  };
  explicit slow_directory(handle::pointer self) : self_{self} {}
  handle::behavior_type start(script* what) {
    return {
        [this, what](const find_service&) {
          what->asked.push_back(self_->make_response_promise<found_service>());
          return what->asked.back();
        },
        [](const list_services&) { return service_list{}; },
        [what](const house_ptr&) {
          for (auto& each : std::exchange(what->asked, {}))
            if (what->answer)
              each.deliver(found_service{{what->answer}});
            else
              each.deliver(make_error(errc::not_found));
        },
    };
  }

  std::string name = "slow directory";

private:
  handle::pointer self_;
};

} // namespace

TEST_CASE("calls that wait for the same service reach it in their order") {
  test::actor_world world;
  slow_directory::script script;
  const auto directory = world.start<slow_directory>(&script);
  const auto testee = world.start<gateway>(directory);
  std::vector<std::string> reached;
  const auto service = world.start<test::scripted_service>(
      test::scripted_service::script{[&](auto*, service_request& request) {
        reached.push_back(request.payload);
        return service_reply{200, request.payload, {}};
      }});
  const auto call = [&](const std::string& payload) {
    return world.ask<service_reply>(
        testee, test::request_of(R"({"service":"slow","request":)" + payload + '}', {"*"}));
  };
  const auto first = call("1");
  const auto second = call("2");
  REQUIRE(script.asked.size() == 1);
  SECTION("it is there") {
    script.answer = service;
    world.tell(directory, house_ptr{});
    const auto third = call("3");
    CHECK(reached == std::vector<std::string>{"1", "2", "3"});
    CHECK(second->payload == "2");
    CHECK(third->payload == "3");
  }
  SECTION("it is not") {
    world.tell(directory, house_ptr{});
    CHECK(first->status == 404);
    CHECK(second->status == 404);
    call("3");
    CHECK(script.asked.size() == 1);
  }
}

TEST_CASE_METHOD(a_gateway, "a request goes to the service that it names, byte for byte") {
  CHECK(call(R"({"service":"echo","request":{ "a": 1.0 }})")->payload == R"({ "a": 1.0 })");
  CHECK(call(R"({"request":[ ],"service":"echo"})")->payload == "[ ]");
  CHECK(call(R"({"service":"zato.ping"})")->payload == R"({"pong":"zato"})");
}

TEST_CASE_METHOD(a_gateway, "a request that is left out is null") {
  CHECK(call(R"({"service":"echo"})")->payload == "null");
}

TEST_CASE_METHOD(a_gateway,
                 "only what the channel allows can be called, whether it exists or not") {
  for (const auto* service : {"echo", "nothing"}) {
    auto reply = call("{\"service\":\"" + std::string{service} + "\"}", {"ping", "zato.*"});
    CHECK(reply->status == 403);
    CHECK(reply->error_message == "Service not allowed");
  }
  CHECK(call(R"({"service":"zato.ping"})", {"ping", "zato.*"})->status == 200);
}

TEST_CASE_METHOD(a_gateway, "a service that does not exist is a 404") {
  auto reply = call(R"({"service":"nothing"})");
  CHECK(reply->status == 404);
  CHECK(reply->error_message == "No such service");
}

TEST_CASE_METHOD(a_gateway, "a request without a service's name is a 400") {
  for (const auto* payload : {"null", "{}", "[]", "\"ping\"", "", R"({"service":null})",
                              R"({"service":7})", R"({"service":""})", R"({"service":{}})"}) {
    auto reply = call(payload);
    CHECK(reply->status == 400);
    CHECK(!reply->error_message.empty());
  }
}

TEST_CASE_METHOD(a_gateway, "the gateway cannot call itself") {
  CHECK(call(R"({"service":"gateway","request":{"service":"ping"}})")->status == 400);
}

TEST_CASE_METHOD(a_gateway, "an URL can be called only if the channel allows that very URL") {
  const std::string payload = R"({"service":"http://192.0.2.9/a","request":1})";
  CHECK(call(payload, {"*"})->status == 403);
  CHECK(call(payload, {"http://*"})->status == 403);
  CHECK(call(payload, {"http://192.0.2.9/"})->status == 403);
  CHECK(call(R"({"service":"HTTP://192.0.2.9/a"})", {"*"})->status == 403);
  CHECK(http.calls.empty());
  auto reply = call(payload, {"http://192.0.2.9/a"});
  REQUIRE(http.calls.size() == 1);
  CHECK(http.calls[0].request.body == "1");
  http.answer(200, "2");
  settle();
  CHECK(reply->payload == "2");
}

TEST_CASE_METHOD(a_gateway, "an URL that is none is a 400 even if the channel allows it") {
  CHECK(call(R"({"service":"http://"})", {"http://"})->status == 400);
}

TEST_CASE_METHOD(a_gateway, "a caller of whom nothing is known may call nothing") {
  service_request request{"cid", "gateway", R"({"service":"ping"})", nullptr, {}};
  CHECK(ask<service_reply>(testee, request)->status == 403);
}
