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

} // namespace

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
