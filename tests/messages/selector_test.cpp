#include "messages/selector.hpp"
#include "tests/catch.hpp"
#include "tests/messages/a_row.hpp"

#include <string>

using namespace muster;
using namespace muster::test;

namespace {

struct one_row : a_row {
  bool matches(const std::string& text) {
    selector where;
    selector_fault fault;
    INFO(text);
    const bool parsed = selector::parse(text, where, fault);
    INFO("column " << fault.column << ": expected " << fault.expected);
    REQUIRE(parsed);
    CHECK(where.text() == text);
    return where.matches(row, noon);
  }
};

selector_fault fault_of(const std::string& text) {
  selector where;
  selector_fault fault;
  INFO(text);
  CHECK(!selector::parse(text, where, fault));
  CHECK(!fault.expected.empty());
  return fault;
}

bool expects(const selector_fault& fault, const std::string& what) {
  return fault.expected.find(what) != std::string::npos;
}

} // namespace

TEST_CASE_METHOD(one_row, "an empty selector matches everything") {
  CHECK(matches(""));
  CHECK(matches(" \t\n"));
  CHECK(selector{}.matches_all());
}

TEST_CASE_METHOD(one_row,
                 "texts are compared, ordered, and matched by glob and regular expression") {
  CHECK(matches(R"(channel == "crm")"));
  CHECK(!matches(R"(channel != "crm")"));
  CHECK(matches(R"(client_id >= "pos-1" and client_id < "pos-2")"));
  CHECK(matches(R"(client_id ~ "pos-*")"));
  CHECK(!matches(R"(client_id ~ "os-*")"));
  CHECK(matches(R"(client_id ~ "p?s-1?")"));
  CHECK(matches(R"(client_name =~ "ill [0-9]+$")"));
  CHECK(!matches(R"(client_name =~ "^ill")"));
  CHECK(matches(R"(state == "ready")"));
  CHECK(matches(R"(user_agent == "python \"websockets\"")"));
  CHECK(matches(R"(not client_name ~ "\\*")"));
}

TEST_CASE_METHOD(one_row, "numbers, sizes, durations and times have their own literals") {
  counters->queue_bytes = 1048577;
  counters->rtt_us = 100500;
  CHECK(matches("queue_bytes > 1MiB"));
  CHECK(matches("queue_bytes > 1MB and queue_bytes < 1.5MiB"));
  CHECK(matches("queue_bytes == 1048577"));
  CHECK(matches("rtt_ms > 100 and rtt_ms == 100.5 and rtt_ms > -1"));
  CHECK(matches("idle > 10m and idle <= 15m"));
  CHECK(matches("idle < 15m1ms"));
  CHECK(matches("age == 2h and age < 1d and age > 1h59m"));
  CHECK(matches("connected_at > 2026-11-23T00:00:00Z"));
  CHECK(matches(R"(session_at == "2026-11-23T12:00:00+01:00")"));
}

TEST_CASE_METHOD(one_row, "addresses are found in networks, with and without a port") {
  CHECK(matches("remote_ip in 10.0.0.0/8"));
  CHECK(matches("remote_ip in 10.1.2.3"));
  CHECK(!matches("remote_ip in 10.1.2.4/31"));
  CHECK(matches("remote_address in [192.168.0.0/16, 10.1.0.0/16]"));
  CHECK(matches(R"(local_address in ("192.168.0.0/24"))"));
  CHECK(matches("remote_ip == 10.1.2.3 and remote_ip < 10.1.10.0"));
  CHECK(matches(R"(remote_address == "10.1.2.3:50123")"));
  CHECK(!matches("remote_ip in fd00::/8"));
  from->remote = {"fd00::1", 1};
  CHECK(matches("remote_ip in fd00::/8 and remote_address in fd00::/16"));
  CHECK(matches(R"(remote_ip == "fd00:0::1")"));
  CHECK(!matches("remote_ip in 0.0.0.0/0"));
  from->forwarded_for = "203.0.113.9";
  CHECK(matches("forwarded_for in 203.0.113.0/24"));
}

TEST_CASE_METHOD(one_row, "a value is found in a list") {
  CHECK(matches(R"(channel in ("pos", "crm"))"));
  CHECK(!matches(R"(channel in ["pos"])"));
  CHECK(matches("messages_in in (1, 0, 10KB)"));
  CHECK(matches("age in (1h, 2h)"));
}

TEST_CASE_METHOD(one_row, "labels are fields of their own") {
  CHECK(matches(R"(label.site == "A" and label.site exists and labels exists)"));
  CHECK(matches(R"(label."key with \"quotes\"" == "x")"));
  CHECK(!matches("label.floor exists"));
  who->tags.clear();
  CHECK(!matches("labels exists"));
}

TEST_CASE_METHOD(one_row, "a comparison with null is false, and not turns it to true") {
  CHECK(!matches(R"(tls exists)"));
  CHECK(!matches(R"(tls == "TLSv1.3")"));
  CHECK(!matches(R"(tls != "TLSv1.3")"));
  CHECK(matches(R"(not tls == "TLSv1.3")"));
  CHECK(matches(R"(not label.floor != "1")"));
  CHECK(!matches("rtt_ms >= 0 or rtt_ms < 0"));
  CHECK(!matches(R"(remote_fqdn ~ "*")"));
}

TEST_CASE_METHOD(one_row, "not binds before and, and before or") {
  CHECK(matches(R"(not tls exists and channel == "crm")"));
  CHECK(matches(R"(channel == "crm" or channel == "x" and channel == "y")"));
  CHECK(!matches(R"((channel == "crm" or channel == "x") and channel == "y")"));
  CHECK(matches(R"(not not channel == "crm")"));
}

TEST_CASE("a text that cannot be read is told by its column") {
  CHECK(fault_of(R"(channel = "crm")").column == 9);
  CHECK(fault_of(R"(channel == "crm)").column == 16);
  CHECK(fault_of(R"(channel == "c\rm")").column == 14);
  CHECK(fault_of(R"(channel == "c" # x)").column == 16);
  // Columns are characters, not bytes.
  CHECK(fault_of("client_name == \"\u00e4\u00f6\u00fc\" $").column == 22);
}

TEST_CASE("a sentence that is none is told by its column") {
  CHECK(fault_of("channel").column == 8);
  CHECK(expects(fault_of("channel"), "=="));
  CHECK(fault_of("and").column == 1);
  CHECK(fault_of("not").column == 4);
  CHECK(fault_of(R"(channel == "crm" client_id exists)").column == 18);
  CHECK(fault_of(R"((channel == "crm")").column == 18);
  CHECK(fault_of(R"(channel == "crm"))").column == 17);
  CHECK(fault_of(R"(channel in ("a", ))").column == 18);
  CHECK(fault_of(R"(channel in ("a"])").column == 16);
  CHECK(fault_of(R"(channel in "a")").column == 12);
  CHECK(fault_of("[tls exists]").column == 1);
}

TEST_CASE("a field or a value of a wrong type is told by its column") {
  CHECK(fault_of(R"(chanel == "crm")").column == 1);
  CHECK(expects(fault_of(R"(chanel == "crm")"), "a field"));
  CHECK(fault_of("channel == 10m").column == 12);
  CHECK(expects(fault_of("channel == 10m"), "double quotes"));
  CHECK(expects(fault_of("idle > 10"), "duration"));
  CHECK(expects(fault_of("queue_bytes > 10m"), "number"));
  CHECK(expects(fault_of("connected_at > 10m"), "time"));
  CHECK(fault_of(R"(rtt_ms ~ "1*")").column == 8);
  CHECK(fault_of(R"(labels == "x")").column == 8);
  CHECK(fault_of("remote_ip in 10.0.0.0/33").column == 14);
  CHECK(fault_of("remote_ip in 10.0.0/8").column == 14);
  CHECK(fault_of("remote_ip == 10.0.0.0/8").column == 14);
  CHECK(fault_of("label. exists").column == 1);
  const auto fault = fault_of(R"x(client_id =~ "a(b")x");
  CHECK(fault.column == 14);
  CHECK(expects(fault, "missing )"));
  CHECK(expects(fault_of(R"x(client_id =~ "(((a{1000}){1000}){1000})")x"), "regular expression"));
}

TEST_CASE("length, depth and regular expressions are bounded") {
  CHECK(fault_of(std::string(4097, ' ')).column == 4097);
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '(') + "tls exists" + std::string(depth, ')');
  };
  selector where;
  selector_fault fault;
  CHECK(selector::parse(nested(64), where, fault));
  CHECK(fault_of(nested(65)).column == 65);
  std::string nots;
  for (int i = 0; i < 65; ++i)
    nots += "not ";
  CHECK(expects(fault_of(nots + "tls exists"), "nesting"));
  std::string patterns = R"(id =~ "a")";
  for (int i = 0; i < 16; ++i)
    patterns += R"( or id =~ "a")";
  CHECK(expects(fault_of(patterns), "at most 16"));
}
