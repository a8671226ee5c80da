#include "actors/service_post.hpp"

#include "tests/actors/actor_world.hpp"
#include "tests/actors/test_services.hpp"
#include "tests/catch.hpp"

#include <stdexcept>
#include <utility>

using namespace muster;
using namespace std::chrono_literals;

namespace {

struct a_post : test::actor_world {
  using promise = caf::typed_response_promise<service_reply>;

  a_post() { testee = start<service_post>(definition(), worker(), gauges); }

  caf::execution_unit* worker() { return &loop; }
  service_definition definition() {
    return make_service<test::scripted_service>(
        "mine", test::scripted_service::script{
                    [this](auto* self, service_request& request) { return serve(self, request); }});
  }
  caf::result<service_reply> serve(service_actor::pointer self, service_request& request) {
    if (request.payload == "throw")
      throw std::runtime_error{"a secret of the house"};
    if (request.payload == "quit")
      self->quit();
    if (request.payload == "refuse")
      return make_error(errc::conflict, "It is there already");
    if (request.payload == "break")
      return make_error(errc::unavailable, "the password of the database is wrong");
    if (request.payload == "wait") {
      waiting.push_back(self->make_response_promise<service_reply>());
      return waiting.back();
    }
    if (request.payload == "release") {
      for (auto& call : std::exchange(waiting, {}))
        call.deliver(service_reply{200, "\"released\"", {}});
    }
    return service_reply{200, request.payload, {}};
  }
  test::answer<service_reply> call(std::string payload, duration patience = 30s) {
    auto request = test::request_of(std::move(payload));
    request.until = loop.now() + patience;
    return ask<service_reply>(testee, std::move(request));
  }
  std::uint64_t in_flight() const { return gauges->in_flight; }

  std::shared_ptr<service_gauges> gauges = std::make_shared<service_gauges>();
  std::vector<promise> waiting;
  service_post::handle testee;
};

} // namespace

TEST_CASE_METHOD(a_post, "a call is answered by the service") {
  auto reply = call("{}");
  CHECK(reply->status == 200);
  CHECK(reply->payload == "{}");
  CHECK(gauges->calls == 1);
  CHECK(gauges->errors == 0);
  CHECK(in_flight() == 0);
}

TEST_CASE_METHOD(a_post, "a service that throws is a 500 that says nothing of the inside") {
  auto reply = call("throw");
  CHECK(reply->status == 500);
  CHECK(reply->error_message == "Internal server error");
  CHECK(reply->payload == "null");
  CHECK(gauges->errors == 1);
}

TEST_CASE_METHOD(a_post, "a service that fails is started anew, at the same address") {
  call("throw");
  CHECK(gauges->restarts == 1);
  CHECK(call("1")->payload == "1");
}

TEST_CASE_METHOD(a_post, "all calls in a service that ends are answered") {
  auto first = call("wait");
  auto second = call("wait");
  CHECK(first.pending());
  CHECK(in_flight() == 2);
  SECTION("by throwing") {
    call("throw");
  }
  SECTION("by quitting") {
    call("quit");
  }
  CHECK(first->status == 500);
  CHECK(second->status == 500);
  CHECK(in_flight() == 0);
  CHECK(call("2")->payload == "2");
}

TEST_CASE_METHOD(a_post, "a client's fault is told in the service's words") {
  auto reply = call("refuse");
  CHECK(reply->status == 409);
  CHECK(reply->error_message == "It is there already");
}

TEST_CASE_METHOD(a_post, "a service's own trouble is not told to the client") {
  auto reply = call("break");
  CHECK(reply->status == 500);
  CHECK(reply->error_message == "Internal server error");
}

TEST_CASE_METHOD(a_post,
                 "a service that fails six times in five seconds rests, longer and longer") {
  for (int i = 0; i < 6; ++i)
    CHECK(call("throw")->status == 500);
  CHECK(gauges->restarts == 5);
  CHECK(call("1")->status == 503);
  CHECK(call("1")->error_message == "Service unavailable");
  pass(1s);
  CHECK(call("1")->status == 200);
  call("throw");
  pass(1500ms);
  CHECK(call("1")->status == 503);
  pass(500ms);
  CHECK(call("1")->status == 200);
}

TEST_CASE_METHOD(a_post, "five failures in a while are no reason to rest") {
  for (int i = 0; i < 20; ++i) {
    CHECK(call("throw")->status == 500);
    pass(1100ms);
  }
  CHECK(call("1")->status == 200);
  CHECK(gauges->restarts == 20);
}

TEST_CASE_METHOD(a_post, "a call that nobody waits for any more is given up") {
  auto forgotten = call("wait", 2s);
  auto patient = call("wait", 60s);
  pass(6s);
  CHECK(forgotten.pending());
  pass(3s);
  CHECK(forgotten->status == 504);
  CHECK(patient.pending());
  CHECK(in_flight() == 1);
  // Its answer is too late for anybody, and harms nobody.
  call("release");
  CHECK(patient->payload == "\"released\"");
}

TEST_CASE_METHOD(a_post, "more than ten thousand calls at once are refused") {
  auto request = test::request_of("wait");
  request.until = loop.now();
  for (std::size_t i = 0; i < service_post::max_calls; ++i)
    ask_later<service_reply>(testee, request);
  settle();
  CHECK(in_flight() == service_post::max_calls);
  CHECK(call("1")->status == 503);
  pass(service_post::grace + 1s);
  CHECK(in_flight() == 0);
  CHECK(call("1")->status == 200);
}

TEST_CASE_METHOD(a_post, "the mean time of a call is that of the service") {
  call("wait");
  pass(2s);
  call("release");
  CHECK(gauges->busy_ns == 2000000000);
}

TEST_CASE_METHOD(a_post,
                 "a post that is told to go answers what it has and takes its service along") {
  auto pending = call("wait");
  exit(testee);
  CHECK(pending->status == 503);
  // The world would hang at its end if the service were still there.
  CHECK(call("1").failed());
}

TEST_CASE("a service that cannot be started rests") {
  test::actor_world world;
  auto gauges = std::make_shared<service_gauges>();
  service_definition broken{"mine", "custom",
                            [](caf::actor_system&, caf::execution_unit&) -> service_address {
                              throw std::runtime_error{"no such file"};
                            }};
  caf::execution_unit* worker = &world.loop;
  auto testee = world.start<service_post>(broken, worker, gauges);
  CHECK(world.ask<service_reply>(testee, test::request_of("1"))->status == 503);
  world.pass(40s);
  CHECK(gauges->restarts == 5);
}
