#include "messages/publication.hpp"

#include "messages/json_scan.hpp"
#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <string>
#include <string_view>

using namespace muster;

namespace {

topic_message some_message() {
  topic_message out;
  out.seq = 17;
  out.msg_id = "zpsm9309e525ba6a6ccf7f003dfb";
  out.data = R"({"a": 1})";
  out.expiration = 86400;
  out.published_us = 1795459945978086;
  out.expires_us = out.published_us + 86'400'000'000;
  return out;
}

std::string text_in(std::string_view json, std::string_view name) {
  std::string out;
  REQUIRE(json_string(find_member(json, name), out));
  return out;
}

} // namespace

TEST_CASE("a delivery has all that a client expects") {
  auto message = some_message();
  message.correl_id = "c";
  message.in_reply_to = "r";
  message.ext_client_id = "e";
  message.ext_pub_time = "yesterday";
  message.key = "k";
  message.priority = 7;
  const auto text = delivery_object(publication{message, "/demo"}, "zpsk.wsx.ext.1.x", 3);
  CHECK(text
        == R"({"data":{"a": 1},"expiration":86400,)"
           R"("expiration_time_iso":"2026-11-24T18:52:25.978086","ext_client_id":"e",)"
           R"("mime_type":"application/json","priority":7,)"
           R"("pub_time_iso":"2026-11-23T18:52:25.978086",)"
           R"("recv_time_iso":"2026-11-23T18:52:25.978086","size":8,)"
           R"("sub_key":"zpsk.wsx.ext.1.x","delivery_count":3,"topic_name":"/demo",)"
           R"("msg_id":"zpsm9309e525ba6a6ccf7f003dfb","correl_id":"c","in_reply_to":"r",)"
           R"("ext_pub_time":"yesterday","key":"k","seq":17})");
}

TEST_CASE("a delivery leaves out what its publisher did not say") {
  const auto text = delivery_object(publication{some_message(), "/demo"}, "k", 1);
  for (const auto* name : {"correl_id", "in_reply_to", "ext_pub_time", "key"})
    CHECK(find_member(text, name).empty());
  CHECK(find_member(text, "ext_client_id") == "\"\"");
}

TEST_CASE("the two pieces of a publication and its gap are the delivery") {
  const publication testee{some_message(), "/demo"};
  CHECK(std::string{testee.before()} + gap_text("key", 2) + std::string{testee.after()}
        == delivery_object(testee, "key", 2));
  CHECK(gap_text("a\"b", 4294967295) == R"("a\"b","delivery_count":4294967295)");
}

TEST_CASE("a publication without a subscription has no trace of one") {
  const auto text = message_object(publication{some_message(), "/demo"});
  CHECK_FALSE(check_json(text));
  CHECK(find_member(text, "sub_key").empty());
  CHECK(find_member(text, "delivery_count").empty());
  CHECK(find_member(text, "seq") == "17");
  CHECK(find_member(text, "data") == R"({"a": 1})");
  CHECK(text_in(text, "topic_name") == "/demo");
}

TEST_CASE("data that looks like the gap is only data") {
  auto message = some_message();
  message.data = R"({"x":1,"sub_key":{"delivery_count":9}})";
  const publication testee{message, "/demo"};
  CHECK(testee.data() == message.data);
  CHECK(find_member(message_object(testee), "data") == message.data);
  CHECK(find_member(delivery_object(testee, "mine", 1), "sub_key") == "\"mine\"");
}

TEST_CASE("a publication knows what it is about") {
  auto message = some_message();
  message.priority = 9;
  message.publisher = "ext.2";
  message.own_id = true;
  const publication testee{message, "/demo"};
  CHECK(testee.seq() == 17);
  CHECK(testee.lane() == 8);
  CHECK(testee.id() == message.msg_id);
  CHECK(testee.about().publisher == "ext.2");
  CHECK(testee.about().own_id);
  CHECK(testee.about().data.empty());
  CHECK(testee.size() == message.data.size());
  CHECK(testee.footprint() > testee.before().size() + testee.after().size());
  CHECK(microseconds_of(testee.published_at()) == message.published_us);
}

TEST_CASE("a publication expires at its time and not before") {
  const publication testee{some_message(), "/demo"};
  const auto end = time_of(some_message().expires_us);
  CHECK(testee.expires_at() == end);
  CHECK_FALSE(testee.expired(end - std::chrono::microseconds{1}));
  CHECK(testee.expired(end));
}

TEST_CASE("a fraction of a second is told as it is") {
  auto message = some_message();
  for (const auto& [seconds, text] :
       {std::pair{0.5, "0.5"}, {0.001, "0.001"}, {3.0, "3"}, {1e5, "100000"}}) {
    message.expiration = seconds;
    CHECK(find_member(message_object(publication{message, "/demo"}), "expiration") == text);
  }
}

TEST_CASE("data comes out of a publication byte for byte") {
  for (const std::string data : {"0", "false", R"("\u00e9\/\ud83d\ude00")", R"([ 1.50 ,2e0,{ } ])",
                                 "\"\xC3\xA9\"", R"({"b":1,"a":2,"b":3})"}) {
    auto message = some_message();
    message.data = data;
    const publication testee{message, "/demo"};
    CHECK(testee.data() == data);
    CHECK(find_member(delivery_object(testee, "k", 1), "data") == data);
    CHECK(find_member(message_object(testee), "data") == data);
    CHECK(testee.size() == data.size());
  }
}

TEST_CASE("the size that people are told is that of the content") {
  const auto told = [](const std::string& data) {
    auto message = some_message();
    message.data = data;
    return std::string{find_member(message_object(publication{message, "/demo"}), "size")};
  };
  CHECK(told(R"("hello")") == "5");
  CHECK(told(R"("\u00e9\n")") == "3");
  CHECK(told(R"({"a": 1})") == "8");
  CHECK(told("17") == "2");
}

TEST_CASE("whatever its texts hold, a delivery is one JSON object with all of them") {
  CHECK(rc::check([] {
    const auto any = [] {
      // What came as JSON is UTF-8.
      std::string clean;
      json_string(quoted(*rc::gen::arbitrary<std::string>()), clean);
      return clean;
    };
    auto message = some_message();
    message.msg_id = any();
    message.data = quoted(any());
    message.mime_type = any();
    message.correl_id = any();
    message.in_reply_to = any();
    message.ext_client_id = any();
    message.ext_pub_time = any();
    message.key = any();
    const auto topic_name = any();
    const auto sub_key = any();
    const publication testee{message, topic_name};
    RC_ASSERT(testee.data() == message.data);
    for (const auto& text : {delivery_object(testee, sub_key, 1), message_object(testee)}) {
      RC_ASSERT(!check_json(text));
      RC_ASSERT(find_member(text, "data") == message.data);
      for (const auto& [name, value] : {std::pair{"msg_id", message.msg_id},
                                        {"mime_type", message.mime_type},
                                        {"correl_id", message.correl_id},
                                        {"in_reply_to", message.in_reply_to},
                                        {"ext_client_id", message.ext_client_id},
                                        {"ext_pub_time", message.ext_pub_time},
                                        {"key", message.key},
                                        {"topic_name", topic_name}}) {
        std::string found;
        json_string(find_member(text, name), found);
        RC_ASSERT(found == value);
      }
    }
  }));
}

TEST_CASE("the head of a delivery and its end are an envelope") {
  const auto now = time_of(1795459945978086);
  const auto text = delivery_head("a\"b", now) + "[1]" + std::string{delivery_end};
  CHECK(text
        == R"({"meta":{"id":"a\"b","timestamp":"2026-11-23T18:52:25.978086",)"
           R"("msg_type":"zwsx.psrq"},"data":[1]})");
  CHECK_FALSE(check_json(text));
}

TEST_CASE("microseconds make times and times make microseconds") {
  for (const std::int64_t each :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1795459945978086}})
    CHECK(microseconds_of(time_of(each)) == each);
}
