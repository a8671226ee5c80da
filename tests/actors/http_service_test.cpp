#include "actors/http_service.hpp"

#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_http_caller.hpp"
#include "tests/actors/test_services.hpp"
#include "tests/catch.hpp"

#include <map>

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct an_http_service : test::actor_world {
  service_request request(std::string payload = "1", duration patience = 30s) {
    auto made = test::request_of(std::move(payload));
    made.until = loop.now() + patience;
    return made;
  }
  test::answer<service_reply> call(duration patience = 30s) {
    return ask<service_reply>(testee, request("1", patience));
  }
  service_reply answered(std::uint16_t status, std::string body) {
    auto reply = call();
    http.answer(status, std::move(body));
    settle();
    return *reply;
  }
  service_reply failed(errc why) {
    auto reply = call();
    http.fail(why);
    settle();
    return *reply;
  }

  test::fake_http_caller http;
  service_actor testee =
      start<http_service>(std::string{"http://127.0.0.1:9/x"}, static_cast<http_caller*>(&http));
};

} // namespace

TEST_CASE_METHOD(an_http_service, "a request is a POST that says whose it is") {
  ask<service_reply>(testee, request(R"({ "a":1 })", 7s));
  REQUIRE(http.calls.size() == 1);
  const auto& made = http.calls[0].request;
  CHECK(made.method == "POST");
  CHECK(made.url == "http://127.0.0.1:9/x");
  CHECK(made.body == R"({ "a":1 })");
  CHECK(made.timeout == 7s);
  std::map<std::string, std::string> headers{made.headers.begin(), made.headers.end()};
  CHECK(headers.at("Content-Type") == "application/json");
  CHECK(headers.at("X-Muster-Connection") == "c1");
  CHECK(headers.at("X-Muster-Channel") == "main");
  CHECK(headers.at("X-Muster-Client-Id") == "ext.1");
  CHECK(headers.at("X-Muster-Username") == "user1");
  CHECK(headers.at("X-Muster-Remote-Address") == "192.0.2.1:40000");
  CHECK(headers.at("X-Muster-Cid") == "cid1");
}

TEST_CASE("a header's value holds nothing that could be another header") {
  CHECK(header_value("a\r\nX-Evil: 1\x7F\t") == "aX-Evil: 1");
  CHECK(header_value("J\xC3\xBCrgen 100%") == "J%C3%BCrgen 100%25");
  CHECK(header_value(std::string_view{"\0", 1}).empty());
}

TEST_CASE_METHOD(an_http_service, "a 2xx is the answer") {
  CHECK(answered(200, R"({"a": 1})").payload == R"({"a": 1})");
  CHECK(answered(201, "\r\n[1]\n").payload == "[1]");
  CHECK(answered(200, "[1]").status == 200);
  CHECK(answered(204, "").payload == "null");
  CHECK(answered(200, " \n").payload == "null");
}

TEST_CASE_METHOD(an_http_service, "what cannot be understood is a 502") {
  CHECK(answered(200, "<html>").status == 502);
  CHECK(answered(200, "{\"a\":\"\xFF\"}").status == 502);
  CHECK(answered(302, "").status == 502);
  CHECK(answered(500, R"({"error":"secret"})").error_message == "The service failed");
  CHECK(answered(503, "").status == 502);
  CHECK(answered(0, "").status == 502);
  CHECK(failed(errc::bad_gateway).status == 502);
}

TEST_CASE_METHOD(an_http_service, "a 4xx passes through, in the service's words if it has some") {
  CHECK(answered(404, R"({"error":"No such order"})").status == 404);
  CHECK(answered(404, R"({"error":"No such order"})").error_message == "No such order");
  CHECK(answered(409, R"({"detail":"It is taken"})").error_message == "It is taken");
  CHECK(answered(422, R"({"error":{},"message":"Odd"})").error_message == "Odd");
  CHECK(answered(404, "<html>").error_message == "Not found");
  CHECK(answered(418, "").error_message == "The service refused the request");
  CHECK(answered(400, "{\"error\":\"" + std::string(600, 'x') + "\"}").error_message.size() == 512);
}

TEST_CASE_METHOD(an_http_service, "too late is a 504") {
  CHECK(failed(errc::timed_out).status == 504);
  CHECK(call(0s)->status == 504);
  CHECK(http.calls.empty());
}

TEST_CASE_METHOD(an_http_service, "only so many calls are made at a time, and only so many wait") {
  const auto bound = http_service::max_in_flight + http_service::max_waiting;
  std::vector<test::answer<service_reply>> replies;
  for (std::size_t i = 0; i < bound; ++i)
    replies.push_back(call());
  CHECK(http.calls.size() == http_service::max_in_flight);
  CHECK(call()->status == 503);
  http.answer(200, "1");
  settle();
  CHECK(replies[0].replied());
  CHECK(http.calls.size() == http_service::max_in_flight);
  while (!http.calls.empty()) {
    http.answer(200, "1");
    settle();
  }
  for (const auto& reply : replies)
    CHECK(reply->status == 200);
}

TEST_CASE_METHOD(an_http_service, "a call that waited too long is not made") {
  for (std::size_t i = 0; i < http_service::max_in_flight; ++i)
    call();
  auto hasty = call(1s);
  auto patient = call(30s);
  pass(2s);
  http.answer(200, "1");
  settle();
  CHECK(hasty->status == 504);
  CHECK(http.calls.size() == http_service::max_in_flight);
  CHECK(patient.pending());
}
