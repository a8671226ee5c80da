#include "actors/direct_service.hpp"

#include "actors/gateway.hpp"
#include "actors/service_post.hpp"
#include "actors/services.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/test_services.hpp"
#include "tests/catch.hpp"

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace muster;

namespace {

/// Answers at once, unless it is to do otherwise.
class moody_service : public direct_service {
public:
  using handle = service_actor;
  static constexpr bool one_a_loop = true;
  explicit moody_service(handle::pointer self) : self_{self} {}
  handle::behavior_type start() {
    return {[](const service_request&) -> service_reply { return {200, "\"message\"", {}}; }};
  }

  direct_answer answer(service_request& request) override {
    if (request.payload == "\"later\"")
      return ask_by_message{};
    if (request.payload == "\"throw\"")
      throw std::runtime_error{"a secret of the house"};
    if (request.payload == "\"quit\"")
      self_->quit();
    if (request.payload == "\"ask yourself\"") {
      auto again = test::request_of("1");
      const auto nested = ask_directly(*self_address, *self_->context(), again);
      const bool entered = std::holds_alternative<service_reply>(nested);
      return service_reply{200, entered ? "\"nested\"" : "\"not nested\"", {}};
    }
    if (request.payload == "\"elsewhere\"")
      return handed_on{};
    if (request.payload == "\"refuse\"")
      return refuse(409, "It is there already");
    return service_reply{200, "\"at once\"", {}};
  }

  const service_address* self_address = nullptr;
  std::string name = "moody";

private:
  handle::pointer self_;
};

/// What the gateways of one loop ask: here the messages of actors are handled on none.
class directory_of_a_loop {
public:
  using handle = services_actor;
  explicit directory_of_a_loop(handle::pointer self) : self_{self} {}
  handle::behavior_type start(services_actor all, caf::execution_unit* where) {
    return {
        [this, all, where](const find_service& question) {
          return self_->delegate(all, find_service{question.name, where});
        },
        [this, all](const list_services& question) { return self_->delegate(all, question); },
        [](const house_ptr&) {},
    };
  }

private:
  handle::pointer self_;
};

struct some_services : test::actor_world {
  some_services() {
    testee = start<services>(static_cast<caf::execution_unit*>(&loop),
                             std::vector{make_service<moody_service>("moody")},
                             static_cast<http_caller*>(nullptr));
    const auto directory =
        start<directory_of_a_loop>(testee, static_cast<caf::execution_unit*>(&loop));
    gateway.actor = start_on_loop<muster::gateway>(directory);
    settle();
    gateway.direct = &state_on<muster::gateway>(gateway.actor);
  }
  ~some_services() {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(testee), caf::exit_reason::user_shutdown);
    settle();
  }

  service_address find(const std::string& service) {
    const auto found = ask<found_service>(testee, find_service{service, &loop})->service;
    settle();
    return found;
  }
  /// The reply, if it came at once; `said` is what came in any case.
  std::optional<service_reply> call(const service_address& service, std::string payload) {
    request = test::request_of(std::move(payload), {"*"});
    said = ask_directly(service, loop, request);
    auto* reply = std::get_if<service_reply>(&said);
    return reply ? std::optional{*reply} : std::nullopt;
  }
  std::optional<service_reply> call_through_gateway(const std::string& service,
                                                    const std::string& payload) {
    return call(gateway, R"({"service":")" + service + R"(","request":)" + payload + "}");
  }
  service_info about(const std::string& service) {
    const auto all = ask<service_list>(testee, list_services{});
    for (const auto& each : all->items)
      if (each.name == service)
        return each;
    return {};
  }

  services_actor testee;
  service_address gateway;
  service_request request;
  direct_answer said;
};

} // namespace

TEST_CASE_METHOD(some_services, "a service of the same loop answers at once") {
  const auto reply = call(find("echo"), "[7]");
  REQUIRE(reply);
  CHECK(reply->payload == "[7]");
  CHECK(call(find("ping"), "")->payload == R"({"pong":"zato"})");
  CHECK(call(find("moody"), "\"refuse\"")->status == 409);
  CHECK(about("echo").calls == 1);
  CHECK(about("moody").calls == 1);
  CHECK(about("moody").errors == 1);
  CHECK(about("moody").in_flight == 0);
}

TEST_CASE_METHOD(some_services, "who is not on the loop is not asked at once") {
  const auto elsewhere = ask<found_service>(testee, find_service{"echo"})->service;
  CHECK(!call(elsewhere, "[7]"));
  CHECK(ask<service_reply>(elsewhere.actor, request)->payload == "[7]");
}

TEST_CASE_METHOD(some_services, "what cannot be answered at once goes as a message, unchanged") {
  const auto moody = find("moody");
  CHECK(!call(moody, "\"later\""));
  CHECK(about("moody").calls == 0);
  CHECK(ask<service_reply>(moody.actor, request)->payload == "\"message\"");
  CHECK(about("moody").calls == 1);
}

TEST_CASE_METHOD(some_services, "messages that wait come first") {
  const auto moody = find("moody");
  auto first = test::request_of("1");
  caf::anon_send(moody.actor, first);
  CHECK(!call(moody, "2"));
  settle();
  CHECK(call(moody, "3"));
}

TEST_CASE_METHOD(some_services, "the gateway passes on at once what it knows where to") {
  // It has not looked for it yet.
  CHECK(!call_through_gateway("moody", "1"));
  CHECK(request.payload == R"({"service":"moody","request":1})");
  CHECK(request.service == "gateway");
  CHECK(ask<service_reply>(gateway.actor, request)->payload == "\"message\"");
  CHECK(call_through_gateway("moody", "1")->payload == "\"at once\"");
  CHECK(about("moody").calls == 2);
}

TEST_CASE_METHOD(some_services, "the gateway leaves to its caller whom to ask by message") {
  const auto moody = find("moody");
  ask<service_reply>(gateway.actor, test::request_of(R"({"service":"moody","request":1})", {"*"}))
      .reply();
  CHECK(!call_through_gateway("moody", "\"later\""));
  const auto& further = std::get<handed_on>(said);
  CHECK(further.to == moody.actor);
  CHECK(!further.publication);
  CHECK(further.counts.empty());
  CHECK(request.payload == "\"later\"");
  CHECK(request.service == "moody");
  CHECK(ask<service_reply>(further.to, request)->payload == "\"message\"");
  CHECK(about("moody").calls == 2);
}

TEST_CASE_METHOD(some_services, "a call that is handed on counts until its answer is there") {
  const auto moody = find("moody");
  CHECK(!call(moody, "\"elsewhere\""));
  auto further = std::get<handed_on>(std::move(said));
  // The post stays good when the service fails.
  CHECK(further.to == moody.actor);
  CHECK(about("moody").calls == 1);
  CHECK(about("moody").in_flight == 1);
  SECTION("it is refused") {
    further.counts.at(0).end(loop.now(), 503);
    CHECK(about("moody").errors == 1);
  }
  SECTION("it seems to end before it began") {
    further.counts.at(0).end(loop.now() - std::chrono::seconds{1}, 200);
    CHECK(about("moody").mean_ms == 0);
  }
  SECTION("the caller is gone") {
    further.counts.clear();
    CHECK(about("moody").errors == 0);
  }
  CHECK(about("moody").in_flight == 0);
  CHECK(about("moody").calls == 1);
}

TEST_CASE_METHOD(some_services, "the gateway refuses at once") {
  CHECK(call(gateway, "{}")->status == 400);
  CHECK(call_through_gateway("gateway", "1")->status == 400);
  request = test::request_of(R"({"service":"echo"})", {"other"});
  CHECK(std::get<service_reply>(ask_directly(gateway, loop, request)).status == 403);
}

TEST_CASE_METHOD(some_services, "a service that fails at once is started anew") {
  const auto moody = find("moody");
  CHECK(call(moody, "\"throw\"")->status == 500);
  CHECK(!call(moody, "\"throw\""));
  settle();
  CHECK(about("moody").restarts == 1);
  CHECK(about("moody").errors == 1);
  // Those that know its post need not know.
  CHECK(ask<service_reply>(moody.actor, test::request_of("1"))->payload == "\"message\"");
  CHECK(call(moody, "1")->payload == "\"at once\"");
  CHECK(call(moody, "\"quit\"")->payload == "\"at once\"");
  settle();
  CHECK(about("moody").restarts == 2);
}

TEST_CASE_METHOD(some_services, "a service that has ended is not asked at once") {
  const auto moody = find("moody");
  caf::anon_send_exit(caf::actor_cast<caf::actor>(moody.actor), caf::exit_reason::user_shutdown);
  settle();
  CHECK(!call(moody, "1"));
  CHECK(ask<service_reply>(moody.actor, request).failed());
}

TEST_CASE("a service that asks itself is not entered again") {
  test::actor_world world;
  service_address moody{world.start_on_loop<moody_service>()};
  world.settle();
  auto& state = state_on<moody_service>(moody.actor);
  moody.direct = &state;
  state.self_address = &moody;
  auto request = test::request_of("\"ask yourself\"");
  for (int i = 0; i < 2; ++i) {
    request.payload = "\"ask yourself\"";
    const auto said = ask_directly(moody, world.loop, request);
    CHECK(std::get<service_reply>(said).payload == "\"not nested\"");
  }
}
