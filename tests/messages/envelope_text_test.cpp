#include "messages/envelope.hpp"

#include "messages/json_scan.hpp"
#include "tests/catch.hpp"

#include <cstdint>
#include <string>

using namespace muster;
using namespace std::string_literals;

namespace {

const timestamp now{std::chrono::microseconds{1795459945979537}};
const auto id = "7f2468e247a215146361f76a"s;
const auto head =
    R"({"meta":{"id":"7f2468e247a215146361f76a","timestamp":"2026-11-23T18:52:25.979537",)"s;

} // namespace

TEST_CASE("a session is opened in the form of the protocol") {
  CHECK(session_opened(id, now, "a1", "zwsxt.a35eee854ae0f58e7f278c86")
        == head
               + R"("msg_type":"zwsx.rspa","status":200,"in_reply_to":"a1"},)"
                 R"("data":{"token":"zwsxt.a35eee854ae0f58e7f278c86"}})");
}

TEST_CASE("answers have the form of the protocol") {
  CHECK(
      answer_ok(id, now, "b2", R"({"pong":"zato"})")
      == head
             + R"("msg_type":"zwsx.rspok","status":200,"in_reply_to":"b2"},"data":{"pong":"zato"}})");
  CHECK(
      answer_error(id, now, "b2", 400, "You sent something wrong")
      == head
             + R"("msg_type":"zwsx.rsperr","status":400,"in_reply_to":"b2",)"
               R"("error_message":"You sent something wrong"},"data":{"cid":"7f2468e247a215146361f76a"}})");
}

TEST_CASE("data that is empty is left out") {
  for (const auto* data : {"", "null", "\"\"", "0", "false", "{}", "[ ]"}) {
    CHECK(answer_ok(id, now, "b2", data)
          == head + R"("msg_type":"zwsx.rspok","status":200,"in_reply_to":"b2"}})");
    CHECK(server_request(id, now, data) == head + R"("msg_type":"zwsx.rqc"}})");
  }
}

TEST_CASE("an error that answers nothing carries what is known") {
  CHECK(message_error(id, now, "", 400, "", "What")
        == head + R"("msg_type":"zwsx.merr","status":400,"error_message":"What"}})");
  CHECK(message_error(id, now, "a\"1", 403, R"("No")")
        == head + R"("msg_type":"zwsx.merr","status":403,"in_reply_to":"a\"1"},"data":"No"})");
}

TEST_CASE("requests and Pings have the form of the protocol") {
  CHECK(server_request(id, now, R"({"any":"JSON"})")
        == head + R"("msg_type":"zwsx.rqc"},"data":{"any":"JSON"}})");
  const auto ping = ping_payload(id, now);
  CHECK(ping == head + R"("msg_type":"zwsx.rqc"}})");
  CHECK(ping.size() <= 125);
}

TEST_CASE("what clients send is escaped in what goes back") {
  const auto text = answer_error("x", now, "a\"\n\xFF", 500, "\\");
  CHECK_FALSE(check_json(text));
  CHECK(find_member(find_member(text, "meta"), "in_reply_to") == "\"a\\\"\\n\xEF\xBF\xBD\"");
}

TEST_CASE("a text frame has the shortest length") {
  CHECK(text_frame("") == "\x81\x00"s);
  CHECK(text_frame("hi") == "\x81\x02hi"s);
  CHECK(text_frame(std::string(125, 'a')).substr(0, 2) == "\x81\x7D"s);
  CHECK(text_frame(std::string(126, 'a')).substr(0, 4) == "\x81\x7E\x00\x7E"s);
  CHECK(text_frame(std::string(65535, 'a')).substr(0, 4) == "\x81\x7E\xFF\xFF"s);
  const auto large = text_frame(std::string(65536, 'a'));
  CHECK(large.substr(0, 10) == "\x81\x7F\x00\x00\x00\x00\x00\x01\x00\x00"s);
  CHECK(large.size() == 65546);
}
