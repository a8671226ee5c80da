#include "admin/metrics.hpp"
#include "messages/metrics.hpp"
#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

#include <cstdio>
#include <cstdlib>

using namespace muster;
using namespace muster::test;

namespace {

channel_info channel_named(const std::string& name) {
  channel_definition definition;
  definition.name = name;
  return {std::make_shared<const channel_definition>(definition), 3, 2, false};
}

service_list some_services() {
  return {{{"echo", "builtin", 4, 1, 2, 0, 250}, {"odd\"name\\\n", "http", 0, 0, 0, 0, 0}}};
}

endpoint_options with_loops() {
  endpoint_options out;
  out.version = "1.2.3";
  out.loop_busy_seconds = [] { return std::vector<double>{0.25, 1.5}; };
  return out;
}

/// `/t/0`, `/t/1` and so on, each with one publication more than the one before.
topic_list many_topics(std::uint64_t count) {
  topic_list out;
  for (std::uint64_t i = 0; i < count; ++i) {
    topic_definition definition;
    definition.name = "/t/" + std::to_string(i);
    auto gauges = std::make_shared<topic_gauges>();
    gauges->publications = i;
    gauges->messages = 7;
    gauges->subscriptions = 2;
    out.items.push_back(
        {std::make_shared<const topic_definition>(definition), std::move(gauges), false});
  }
  return out;
}

bool has_line(const std::string& text, const std::string& line) {
  return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

} // namespace

TEST_CASE("counts, channels, services and loops are in the metrics") {
  count_limit(limit_kind::in_flight);
  count_close(4005);
  count_close(4321);
  const auto text = metrics_text(with_loops(), {{channel_named("demo")}}, some_services(), {});
  CHECK(has_line(text, R"(muster_connections{channel="demo"} 3)"));
  CHECK(has_line(text, R"(muster_sessions{channel="demo"} 2)"));
  CHECK(has_line(text, R"(muster_loop_busy_seconds_total{loop="1"} 1.5)"));
  CHECK(has_line(text, R"(muster_service_seconds_total{service="echo"} 1)"));
  CHECK(has_line(text, R"(muster_service_calls_total{service="odd\"name\\\n"} 0)"));
  CHECK(has_line(text, R"(muster_build_info{version="1.2.3"} 1)"));
  CHECK(text.find(R"(muster_closes_total{code="4005"} )") != std::string::npos);
  CHECK(!has_line(text, R"(muster_closes_total{code="other"} 0)"));
  CHECK(!has_line(text, R"(muster_limit_hits_total{limit="in_flight"} 0)"));
  CHECK(!has_line(text, "process_resident_memory_bytes 0"));
  CHECK(!has_line(text, "process_open_fds 0"));
  CHECK(!has_line(text, "process_threads 0"));
}

TEST_CASE("publishing and subscribing are in the metrics") {
  count_drop(drop_cause::retention);
  counters().store_commit_ns += 1;
  const auto text = metrics_text(with_loops(), {}, {}, many_topics(3));
  CHECK(has_line(text, "muster_topics 3"));
  CHECK(has_line(text, "muster_subscriptions 6"));
  CHECK(has_line(text, R"(muster_topic_messages{topic="/t/1"} 7)"));
  CHECK(has_line(text, R"(muster_topic_publications_total{topic="/t/2"} 2)"));
  CHECK(has_line(text, R"(muster_topic_depth{topic="/t/2"} 0)"));
  CHECK(!has_line(text, R"(muster_deliveries_dropped_total{cause="retention"} 0)"));
  CHECK(!has_line(text, "muster_store_commit_seconds_total 0"));
  for (const auto* name :
       {"muster_publications_total", "muster_publications_refused_total", "muster_deliveries_total",
        "muster_redeliveries_total", "muster_acknowledgements_total", "muster_store_commits_total",
        "muster_store_failures_total", "muster_damaged_records_total"})
    CHECK(text.find("# TYPE " + std::string{name} + " counter\n") != std::string::npos);
}

TEST_CASE("only the busiest hundred topics have series of their own") {
  const auto text = metrics_text(with_loops(), {}, {}, many_topics(150));
  CHECK(has_line(text, "muster_topics 150"));
  CHECK(text.find(R"({topic="/t/149"})") != std::string::npos);
  CHECK(text.find(R"({topic="/t/50"})") != std::string::npos);
  CHECK(text.find(R"({topic="/t/49"})") == std::string::npos);
}

TEST_CASE("promtool finds nothing wrong with the metrics") {
  if (std::system("command -v promtool > /dev/null") != 0)
    return;
  auto* const promtool = popen("promtool check metrics", "w");
  REQUIRE(promtool != nullptr);
  const auto text =
      metrics_text(with_loops(), {{channel_named("demo")}}, some_services(), many_topics(2));
  CHECK(std::fwrite(text.data(), 1, text.size(), promtool) == text.size());
  CHECK(pclose(promtool) == 0);
}

TEST_CASE_METHOD(admin_world, "metrics come even when an actor does not answer") {
  const auto response = call("GET", "/metrics");
  CHECK(response.status == 200);
  CHECK(header_of(response, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(response.body.find("muster_uptime_seconds") != std::string::npos);
}

TEST_CASE_METHOD(admin_world, "open metrics need no token") {
  options.open_metrics = true;
  CHECK(send(request("GET", "/metrics", {}, {}, ""))->response.status == 200);
}

TEST_CASE_METHOD(admin_world, "requests are counted by the class of their status") {
  const auto before = counters().admin_requests[3].load();
  call("GET", "/nothing");
  CHECK(counters().admin_requests[3].load() == before + 1);
}

TEST_CASE_METHOD(admin_world, "the overview has totals and rates, the nodes this server") {
  desk.on<list_channels, channel_list>([](const list_channels&) {
    return channel_list{{channel_named("a"), channel_named("b")}};
  });
  desk.on<list_services, service_list>([](const list_services&) { return some_services(); });
  desk.on<list_topics, topic_list>([](const list_topics&) { return topic_list{}; });
  const auto overview = call("GET", "/api/v1/overview");
  CHECK(overview.status == 200);
  CHECK(member_of(overview, "connections") == "6");
  CHECK(member_of(overview, "sessions") == "4");
  CHECK(!check_json(overview.body));
  CHECK(!find_member(find_member(overview.body, "rates"), "messages_in").empty());
  const auto nodes = call("GET", "/api/v1/nodes");
  CHECK(nodes.status == 200);
  const auto items = json_elements(find_member(nodes.body, "items"));
  REQUIRE(items.size() == 1);
  CHECK(find_member(items[0], "name") == R"("node-1")");
  CHECK(find_member(items[0], "version") == R"("1.2.3")");
  CHECK(member_of(call("GET", "/api/v1/services"), "total") == "2");
}
