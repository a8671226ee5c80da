#include "messages/pubsub.hpp"

#include "messages/errc.hpp"
#include "messages/json_scan.hpp"
#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <string>
#include <utility>

using namespace muster;

namespace {

/// The request with one more member beside its data.
std::string with(const std::string& name, const std::string& value) {
  return R"({"data":1,")" + name + "\":" + value + "}";
}

/// The field that the error of a publication names; empty: there is no error.
std::string fault(const std::string& request) {
  const auto read = parse_publish(request);
  if (read)
    return {};
  CHECK(code_of(read.error()) == errc::bad_request);
  const auto text = detail_of(read.error());
  const auto begin = text.find('\'') + 1;
  return text.substr(begin, text.find('\'', begin) - begin);
}

std::string option_fault(const std::string& request) {
  const auto read = parse_subscription_options(request);
  if (read)
    return {};
  CHECK(code_of(read.error()) == errc::bad_request);
  const auto text = detail_of(read.error());
  const auto begin = text.find('\'') + 1;
  return text.substr(begin, text.find('\'', begin) - begin);
}

using member = std::pair<const char*, std::string publish::*>;
const std::vector<member> texts{
    {"mime_type", &publish::mime_type},       {"correl_id", &publish::correl_id},
    {"in_reply_to", &publish::in_reply_to},   {"ext_client_id", &publish::ext_client_id},
    {"ext_pub_time", &publish::ext_pub_time}, {"key", &publish::key}};

} // namespace

TEST_CASE("a publication of data alone takes what is usual") {
  const auto read = parse_publish(R"({"topic_name":"/a","data":"hello"})");
  REQUIRE(read);
  CHECK(read->data == "\"hello\"");
  CHECK(read->msg_id.empty());
  CHECK(read->priority == 5);
  CHECK(read->expiration == 0);
  for (const auto& [name, text] : texts)
    CHECK((*read.*text).empty());
}

TEST_CASE("every field of a publication is read") {
  const auto read = parse_publish(
      R"({"data":{"a":[1, 2]},"msg_id":"m-1","has_gd":true,"priority":9,"expiration":2.5,)"
      R"("mime_type":"text/plain","correl_id":"c","in_reply_to":"r","ext_client_id":"e",)"
      R"("ext_pub_time":"2026","key":"k\u00e9","unknown":[1]})");
  REQUIRE(read);
  CHECK(read->data == R"({"a":[1, 2]})");
  CHECK(read->msg_id == "m-1");
  CHECK(read->priority == 9);
  CHECK(read->expiration == 2.5);
  CHECK(read->mime_type == "text/plain");
  CHECK(read->correl_id == "c");
  CHECK(read->in_reply_to == "r");
  CHECK(read->ext_client_id == "e");
  CHECK(read->ext_pub_time == "2026");
  CHECK(read->key == "k\u00e9");
}

TEST_CASE("data is taken as it stands") {
  for (const std::string data : {R"("a\u00e9\/")", "1.50e+2", "false", "0", R"([ 1 ,  2 ])",
                                 R"({"b" : 1, "a" : 2, "b" : 3})", R"([null])"}) {
    const auto read = parse_publish(R"({ "data" : )" + data + R"( , "priority" : 1 })");
    REQUIRE(read);
    CHECK(read->data == data);
  }
}

TEST_CASE("data that says nothing is refused") {
  for (const auto* request : {"{}", R"({"data":null})", R"({"data":""})", R"({"data":{}})",
                              R"({"data":[]})", R"({"data":{ }})", R"({"data":[ ]})", "[1]", "1"})
    CHECK(fault(request) == "data");
}

TEST_CASE("a priority is a whole number between 1 and 9") {
  for (int i = 1; i <= 9; ++i)
    CHECK(parse_publish(with("priority", std::to_string(i)))->priority == i);
  for (const auto* value :
       {"0", "10", "-1", "5.0", "5e0", "\"5\"", "true", "[5]", "261", "4294967301"})
    CHECK(fault(with("priority", value)) == "priority");
}

TEST_CASE("an expiration is a number of seconds") {
  CHECK(parse_publish(with("expiration", "1e3"))->expiration == 1000);
  CHECK(parse_publish(with("expiration", "0.001"))->expiration == 0.001);
  CHECK(parse_publish(with("expiration", "0"))->expiration == 0);
  CHECK(parse_publish(with("expiration", "1000000000"))->expiration == 1e9);
  for (const auto* value : {"-1", "-0.001", "1000000001", "1e300", "\"1\"", "{}", "false"})
    CHECK(fault(with("expiration", value)) == "expiration");
}

TEST_CASE("the texts of a publication are bounded, its id more than others") {
  for (const auto& [name, text] : texts) {
    const std::string longest(1024, 'x');
    const auto read = parse_publish(with(name, quoted(longest)));
    REQUIRE(read);
    CHECK(*read.*text == longest);
    CHECK(fault(with(name, quoted(longest + "x"))) == name);
    CHECK(fault(with(name, "1")) == name);
    CHECK(fault(with(name, "[\"x\"]")) == name);
  }
  CHECK(parse_publish(with("msg_id", quoted(std::string(200, 'x'))))->msg_id.size() == 200);
  CHECK(fault(with("msg_id", quoted(std::string(201, 'x')))) == "msg_id");
  // Bytes of the text, not of what it is written in.
  CHECK(fault(with("msg_id", '"' + std::string(1200, '\\') + '"')) == "msg_id");
  CHECK(parse_publish(with("msg_id", '"' + std::string(400, '\\') + '"'))->msg_id.size() == 200);
}

TEST_CASE("a guarantee that is no yes or no is refused") {
  CHECK(parse_publish(with("has_gd", "false")));
  CHECK(fault(with("has_gd", "1")) == "has_gd");
}

TEST_CASE("null counts as absent in a publication") {
  for (const auto* name : {"msg_id", "has_gd", "priority", "expiration", "mime_type", "correl_id",
                           "in_reply_to", "ext_client_id", "ext_pub_time", "key"})
    CHECK(parse_publish(with(name, "null")));
  CHECK(parse_publish(with("priority", "null"))->priority == 5);
}

TEST_CASE("the first fault of a publication is the one that is told") {
  CHECK(fault(R"({"data":1,"key":1,"priority":10})") == "priority");
}

TEST_CASE("a subscription without options takes what is usual") {
  for (const auto* request : {"{}", R"({"topic_name":"/a","delivery_batch_size":null,"ack":null,)"
                                    R"("wrap_one_msg_in_list":null,"unsub_on_wsx_close":null,)"
                                    R"("durable":null,"from":null})"}) {
    const auto read = parse_subscription_options(request);
    REQUIRE(read);
    CHECK(read->ack == ack_mode::automatic);
    CHECK_FALSE(read->durable);
    CHECK(read->from.what == start_point::kind::fresh);
    CHECK(read->batch_size == 500);
    CHECK_FALSE(read->wrap_one);
  }
}

TEST_CASE("every option of a subscription is read") {
  const auto read = parse_subscription_options(
      R"({"delivery_batch_size":7,"wrap_one_msg_in_list":true,"durable":true,"ack":"client",)"
      R"("from":12})");
  REQUIRE(read);
  CHECK(read->ack == ack_mode::client);
  CHECK(read->durable);
  CHECK(read->from.what == start_point::kind::sequence);
  CHECK(read->from.seq == 12);
  CHECK(read->batch_size == 7);
  CHECK(read->wrap_one);
}

TEST_CASE("a subscription lasts when it is durable or does not end with its connection") {
  const auto lasts = [](const char* request) {
    return parse_subscription_options(request)->durable;
  };
  CHECK(lasts(R"({"unsub_on_wsx_close":false})"));
  CHECK_FALSE(lasts(R"({"unsub_on_wsx_close":true})"));
  CHECK(lasts(R"({"unsub_on_wsx_close":true,"durable":true})"));
  CHECK(lasts(R"({"unsub_on_wsx_close":false,"durable":false})"));
}

TEST_CASE("a batch is of 1 to 1000 messages") {
  const auto size = [](const std::string& text) {
    return parse_subscription_options(R"({"delivery_batch_size":)" + text + "}");
  };
  CHECK(size("1")->batch_size == 1);
  CHECK(size("1000")->batch_size == 1000);
  for (const auto* value : {"0", "1001", "-1", "1.5", "\"7\"", "4294967297"})
    CHECK(option_fault(R"({"delivery_batch_size":)" + std::string{value} + "}")
          == "delivery_batch_size");
}

TEST_CASE("an option of a wrong kind is named") {
  const std::vector<std::pair<std::string, std::string>> wrong{{"wrap_one_msg_in_list", "1"},
                                                               {"unsub_on_wsx_close", "\"no\""},
                                                               {"durable", "0"},
                                                               {"ack", "\"manual\""},
                                                               {"ack", "true"},
                                                               {"ack", "\"\""},
                                                               {"from", "\"last\""},
                                                               {"from", "-1"},
                                                               {"from", "1.5"},
                                                               {"from", "{}"}};
  for (const auto& [name, value] : wrong)
    CHECK(option_fault("{\"" + name + "\":" + value + "}") == name);
}

TEST_CASE("any text comes through a publication") {
  CHECK(rc::check([] {
    // Escaping makes it UTF-8, whatever it was.
    const auto text = *rc::gen::arbitrary<std::string>();
    const auto json = quoted(text);
    std::string clean;
    RC_ASSERT(json_string(json, clean));
    const auto read = parse_publish(with("key", json));
    RC_ASSERT(read);
    RC_ASSERT(read->key == clean);
  }));
}
