#include "messages/attribute.hpp"
#include "tests/catch.hpp"
#include "tests/messages/a_row.hpp"

#include <unistd.h>

#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;

namespace {

struct one_row : a_row {
  std::string show(const std::vector<const attribute*>& only) {
    std::string out;
    append_row(out, row, noon, only);
    return out;
  }
};

} // namespace

TEST_CASE_METHOD(one_row, "a row shows all attributes, those that are absent as null") {
  set_server_identity("node-1");
  counters->messages_in = 7;
  std::string out = "[";
  append_row(out, row, noon);
  CHECK(out
        == "[{\"id\":\"ws.0123456789abcdef01234567\",\"channel\":\"crm\",\"client_id\":\"pos-17\","
           "\"client_name\":\"Till 17\",\"username\":null,"
           "\"labels\":{\"key with \\\"quotes\\\"\":\"x\",\"site\":\"A\"},"
           "\"remote_address\":\"10.1.2.3:50123\",\"remote_fqdn\":null,"
           "\"remote_fqdn_state\":\"pending\",\"forwarded_for\":null,"
           "\"local_address\":\"192.168.0.1:8080\",\"server_name\":\"node-1\",\"server_pid\":"
               + std::to_string(::getpid())
               + ",\"connected_at\":\"2026-11-23T10:00:00.000000Z\","
                 "\"session_at\":\"2026-11-23T11:00:00.000000Z\","
                 "\"last_seen_at\":\"2026-11-23T11:45:00.000000Z\","
                 "\"user_agent\":\"python \\\"websockets\\\"\",\"tls\":null,\"rtt_ms\":null,"
                 "\"state\":\"ready\",\"messages_in\":7,\"messages_out\":0,\"bytes_in\":0,"
                 "\"bytes_out\":0,\"queue_messages\":0,\"queue_bytes\":0,\"dropped\":0,"
                 "\"invocations\":0,\"invocations_failed\":0,\"subscriptions\":0}");
}

TEST_CASE_METHOD(one_row, "a row shows only what was asked for") {
  counters->rtt_us = 1250;
  CHECK(show({find_attribute("rtt_ms"), find_attribute("id")})
        == R"({"rtt_ms":1.25,"id":"ws.0123456789abcdef01234567"})");
}

TEST_CASE_METHOD(one_row, "before its session a connection has neither client nor session time") {
  row = {};
  row.from = from;
  row.counters = counters;
  CHECK(show({find_attribute("client_id"), find_attribute("session_at"), find_attribute("state"),
              find_attribute("labels")})
        == R"({"client_id":null,"session_at":null,"state":"new","labels":{}})");
}

TEST_CASE_METHOD(one_row, "a name that reverse DNS found stands beside its state") {
  const std::vector<const attribute*> name{find_attribute("remote_fqdn"),
                                           find_attribute("remote_fqdn_state")};
  row.remote_fqdn = "till.example";
  row.fqdn_state = dns_state::ok;
  CHECK(show(name) == R"({"remote_fqdn":"till.example","remote_fqdn_state":"ok"})");
  row.fqdn_state = dns_state::timeout;
  CHECK(show(name) == R"({"remote_fqdn":null,"remote_fqdn_state":"timeout"})");
}

TEST_CASE("attributes are found by their names") {
  for (const auto& each : attributes())
    CHECK(find_attribute(each.name) == &each);
  CHECK(find_attribute("nothing") == nullptr);
  CHECK(find_attribute("idle")->derived);
}

TEST_CASE_METHOD(one_row, "a connection that has said nothing yet is idle since it came") {
  counters->last_seen_us = 0;
  const auto idle = find_attribute("idle")->get(row, noon);
  CHECK(std::get<std::int64_t>(idle) == 7'200'000'000'000);
}

TEST_CASE("every attribute has a kind with a name, and a sentence") {
  for (const auto& each : attributes()) {
    INFO(each.name);
    CHECK(!to_string(each.kind).empty());
    CHECK(each.about.size() > 10);
    CHECK(each.about.back() == '.');
  }
  CHECK(to_string(find_attribute("idle")->kind) == "duration");
  CHECK(to_string(find_attribute("labels")->kind) == "labels");
  CHECK(to_string(find_attribute("remote_ip")->kind) == "address");
}
