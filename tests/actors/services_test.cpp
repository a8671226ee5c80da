#include "actors/services.hpp"

#include "actors/pubsub_service.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_http_caller.hpp"
#include "tests/actors/test_services.hpp"
#include "tests/catch.hpp"

#include <caf/send.hpp>

#include <stdexcept>

using namespace muster;

namespace {

service_definition named(std::string name) {
  return make_service<test::scripted_service>(
      std::move(name), test::scripted_service::script{[](auto*, service_request& request) {
        if (request.payload == "throw")
          throw std::runtime_error{"it throws"};
        return service_reply{200, "\"mine\"", {}};
      }});
}

struct a_directory : test::actor_world {
  services_actor open(std::vector<service_definition> given) {
    return start<services>(static_cast<caf::execution_unit*>(&loop), std::move(given),
                           static_cast<http_caller*>(&http));
  }
  test::answer<found_service> find(const std::string& service) {
    return ask<found_service>(testee, find_service{service});
  }
  test::answer<service_reply> call(const service_actor& service, std::string payload = "1") {
    return ask<service_reply>(service, test::request_of(std::move(payload)));
  }
  service_list list() { return *ask<service_list>(testee, list_services{}); }
  static std::string url(std::size_t i) { return "http://127.0.0.1/" + std::to_string(i); }

  test::fake_http_caller http;
  services_actor testee = open({named("mine")});
};

} // namespace

TEST_CASE_METHOD(a_directory, "built-in services and those of developers are found by name") {
  for (const auto* service : {"ping", "zato.ping"})
    CHECK(call(find(service)->service.actor)->payload == R"({"pong":"zato"})");
  CHECK(call(find("echo")->service.actor, "[7]")->payload == "[7]");
  CHECK(call(find("mine")->service.actor)->payload == "\"mine\"");
  CHECK(call(find("gateway")->service.actor, R"({"service":"ping"})")->status == 403);
  CHECK(find("nothing").error() == errc::not_found);
}

TEST_CASE_METHOD(a_directory, "services are listed by name, with what they have done") {
  const auto mine = find("mine")->service.actor;
  call(mine);
  call(mine, "throw");
  call(mine);
  find(url(1));
  auto all = list().items;
  for (const auto pubsub : pubsub_service::names())
    CHECK(std::erase_if(all, [&](const auto& each) { return each.name == pubsub; }) == 1);
  REQUIRE(all.size() == 6);
  const std::vector<std::string> expected{"echo", "gateway", url(1), "mine", "ping", "zato.ping"};
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(all[i].name == expected[i]);
  CHECK(all[0].kind == "builtin");
  CHECK(all[2].kind == "http");
  CHECK(all[3].kind == "custom");
  CHECK(all[3].calls == 3);
  CHECK(all[3].errors == 1);
  CHECK(all[3].restarts == 1);
  CHECK(all[3].in_flight == 0);
}

TEST_CASE_METHOD(a_directory, "a service that is there on every loop has a post on each") {
  test::fake_home second{system, scheduler, wall_start};
  const auto find_at = [&](const char* service, caf::execution_unit* where) {
    return ask<found_service>(testee, find_service{service, where})->service.actor;
  };
  const auto here = find_at("echo", &loop);
  const auto there = find_at("echo", &second);
  CHECK(here != there);
  CHECK(here != find("echo")->service.actor);
  CHECK(find_at("echo", &loop) == here);
  CHECK(find_at("echo", &second) == there);
  CHECK(find_at("echo", &any_loop(system)) == find("echo")->service.actor);
  for (const auto& post : {here, there, find("echo")->service.actor})
    CHECK(call(post, "[7]")->payload == "[7]");
  const auto all = list().items;
  CHECK(all[0].name == "echo");
  CHECK(all[0].calls == 3);
  CHECK(all[0].in_flight == 0);
  // Any other has one.
  CHECK(find_at("mine", &loop) == find_at("mine", &second));
  // Loops live longer than who lives on them.
  caf::anon_send_exit(caf::actor_cast<caf::actor>(testee), caf::exit_reason::user_shutdown);
  settle();
}

TEST_CASE_METHOD(a_directory, "two services of one name are a fault of the start") {
  test::actor_world other;
  const auto starts = [&](std::vector<service_definition> given) {
    auto directory = other.start<services>(static_cast<caf::execution_unit*>(&other.loop),
                                           std::move(given), static_cast<http_caller*>(&http));
    return !other.ask<service_list>(directory, list_services{}).failed();
  };
  CHECK(starts({named("a"), named("b")}));
  CHECK(!starts({named("a"), named("a")}));
  CHECK(!starts({named("ping")}));
  CHECK(!starts({named("")}));
  CHECK(!starts({named("http://127.0.0.1/")}));
}

TEST_CASE_METHOD(a_directory, "an URL becomes a service by the asking") {
  auto reply = call(find(url(1))->service.actor, "[1]");
  REQUIRE(http.calls.size() == 1);
  CHECK(http.calls[0].request.url == url(1));
  http.answer(200, "[2]");
  settle();
  CHECK(reply->payload == "[2]");
  CHECK(find(url(1))->service.actor == find(url(1))->service.actor);
  for (const auto* bad : {"http://", "https:///x", "http://a b/", "http://u:p@h/", "http://h:0/",
                          "http://h:99999/", "http://h/#x", "http://h/\n", "http://[::1"})
    CHECK(find(bad).error() == errc::bad_request);
}

TEST_CASE_METHOD(a_directory, "of many URLs the one that was idle for the longest makes room") {
  for (std::size_t i = 0; i < services::max_urls; ++i)
    find(url(i));
  const auto held = find(url(0))->service.actor;
  find(url(1));
  CHECK(find(url(1000)).replied());
  const auto built_in = 4 + pubsub_service::names().size();
  CHECK(list().items.size() == services::max_urls + built_in + 1);
  for (const auto& what : list().items)
    CHECK(what.name != url(2));
  // One that somebody holds stays good.
  for (std::size_t i = 2000; i < 2000 + services::max_urls; ++i)
    find(url(i));
  auto reply = call(held);
  CHECK(reply.pending());
  CHECK(http.calls.size() == 1);
  CHECK(find(url(0))->service.actor == held);
}

TEST_CASE_METHOD(a_directory, "when all URLs are in use there is no room for another") {
  std::vector<service_actor> all;
  for (std::size_t i = 0; i < services::max_urls; ++i)
    all.push_back(find(url(i))->service.actor);
  CHECK(find(url(1000)).error() == errc::unavailable);
  all.pop_back();
  CHECK(find(url(1000)).replied());
}

TEST_CASE_METHOD(a_directory, "the services end with their directory") {
  const auto mine = find("mine")->service.actor;
  exit(testee);
  CHECK(call(mine).failed());
}
