#include "cli/subscriber.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "messages/json_scan.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

/// A subscriber to `/orders` and what it has printed.
struct one_subscriber {
  explicit one_subscriber(subscriber_options wanted = {}) {
    wanted.topic = "/orders";
    wanted.client_id = "till 7";
    testee = std::make_unique<subscriber>(
        wanted,
        [this](const delivered_message& message) {
          if (paper_is_out)
            throw failure{exit_code::failed, "cannot write"};
          printed.push_back(message.seq + ' ' + std::string{message.data});
        },
        [this](std::string_view sub_key, std::string_view depth) {
          joined = std::string{sub_key} + ' ' + std::string{depth};
        });
  }

  next_words hear(std::string_view text) { return testee->hear(text); }

  /// What it says to that, which is one message.
  std::string says(std::string_view text) {
    const auto words = hear(text);
    REQUIRE(words.send.size() == 1);
    REQUIRE(!check_json(words.send[0]));
    return words.send[0];
  }

  void join() {
    says("");
    says(
        R"({"meta":{"msg_type":"zwsx.rspa","status":200,"in_reply_to":"1"},"data":{"token":"t1"}})");
    hear(R"({"meta":{"msg_type":"zwsx.rspok","status":200,"in_reply_to":"2"},)"
         R"("data":{"sub_key":"zpsk.1","current_depth":3}})");
  }

  int code_of(std::string_view text) {
    try {
      hear(text);
    } catch (const failure& what) {
      return what.code();
    }
    return exit_code::ok;
  }

  std::unique_ptr<subscriber> testee;
  std::vector<std::string> printed;
  std::string joined;
  bool paper_is_out = false;
};

std::string meta_of(const std::string& message, std::string_view name) {
  std::string out;
  json_string(find_member(find_member(message, "meta"), name), out);
  return out;
}

std::string delivery(int seq) {
  return R"({"meta":{"id":"m)" + std::to_string(seq) + R"(","msg_type":"zwsx.psrq"},"data":)"
         + R"({"data":{"n": )" + std::to_string(seq) + R"(},"seq":)" + std::to_string(seq)
         + R"(,"pub_time_iso":"2026-11-23T12:00:00.000000"}})";
}

subscriber_options acknowledging() {
  subscriber_options out;
  out.ack = true;
  return out;
}

} // namespace

TEST_CASE("a subscriber opens a session, then subscribes with its token") {
  subscriber_options wanted;
  wanted.username = "u";
  wanted.secret = "s \"";
  wanted.from = "17";
  one_subscriber with{wanted};
  const auto session = with.says("");
  CHECK(meta_of(session, "action") == "create-session");
  CHECK(meta_of(session, "client_id") == "till 7");
  CHECK(meta_of(session, "username") == "u");
  CHECK(meta_of(session, "secret") == "s \"");
  CHECK(!meta_of(session, "timestamp").empty());
  const auto request = with.says(
      R"({"meta":{"msg_type":"zwsx.rspa","status":200,"in_reply_to":"1"},"data":{"token":"t1"}})");
  CHECK(meta_of(request, "action") == "invoke-service");
  CHECK(meta_of(request, "token") == "t1");
  CHECK(find_member(request, "data")
        == R"({"service":"pubsub.subscribe","request":{"topic_name":"/orders","from":17}})");
  with.hear(R"({"meta":{"msg_type":"zwsx.rspok","status":200,"in_reply_to":"2"},)"
            R"("data":{"sub_key":"zpsk.1","current_depth":3}})");
  CHECK(with.joined == "zpsk.1 3");
}

TEST_CASE("single messages and lists of them are printed one by one") {
  one_subscriber with;
  with.join();
  CHECK(with.hear(delivery(1)).send.empty());
  with.hear(R"({"meta":{"id":"x","msg_type":"zwsx.psrq"},"data":[{"data":"a","seq":2},)"
            R"({"data":[],"seq":3}]})");
  CHECK(with.printed == std::vector<std::string>{"1 {\"n\": 1}", "2 \"a\"", "3 []"});
}

TEST_CASE("an acknowledging subscriber takes one message at a time and answers it once printed") {
  one_subscriber with{acknowledging()};
  with.says("");
  const auto request = with.says(
      R"({"meta":{"msg_type":"zwsx.rspa","status":200,"in_reply_to":"1"},"data":{"token":"t1"}})");
  const auto options = find_member(find_member(request, "data"), "request");
  CHECK(find_member(options, "ack") == R"("client")");
  CHECK(find_member(options, "durable") == "true");
  CHECK(find_member(options, "delivery_batch_size") == "1");
  const auto answer = with.says(delivery(5));
  CHECK(with.printed.size() == 1);
  CHECK(meta_of(answer, "action") == "client-response");
  CHECK(meta_of(answer, "in_reply_to") == "m5");
  CHECK(meta_of(answer, "token") == "t1");
}

TEST_CASE("a message that could not be printed is not acknowledged") {
  one_subscriber with{acknowledging()};
  with.join();
  with.paper_is_out = true;
  CHECK(with.code_of(delivery(5)) == exit_code::failed);
}

TEST_CASE("a subscriber ends after as many messages as it was told, the last one acknowledged") {
  auto wanted = acknowledging();
  wanted.count = 2;
  one_subscriber with{wanted};
  with.join();
  CHECK(!with.hear(delivery(1)).over);
  const auto last = with.hear(delivery(2));
  CHECK(last.over);
  CHECK(last.send.size() == 1);
  one_subscriber other{[] {
    subscriber_options out;
    out.count = 1;
    return out;
  }()};
  other.join();
  CHECK(other
            .hear(R"({"meta":{"id":"x","msg_type":"zwsx.psrq"},"data":[{"data":1,"seq":2},)"
                  R"({"data":2,"seq":3}]})")
            .over);
  CHECK(other.printed == std::vector<std::string>{"2 1"});
}

TEST_CASE("a call of the server is answered with an error") {
  one_subscriber with;
  with.join();
  const auto answer = with.says(R"({"meta":{"id":"c1","msg_type":"zwsx.rqc"},"data":1})");
  CHECK(meta_of(answer, "in_reply_to") == "c1");
  CHECK(!find_member(find_member(answer, "data"), "error").empty());
}

TEST_CASE("what the server refuses ends the subscriber with a code that says why") {
  one_subscriber with;
  CHECK(with.code_of(R"({"meta":{"msg_type":"zwsx.merr","status":403},"data":"You are not"})")
        == exit_code::not_authorized);
  CHECK(with.code_of(
            R"({"meta":{"msg_type":"zwsx.rsperr","status":404,"error_message":"No such topic"}})")
        == exit_code::not_found);
  CHECK(with.code_of(R"({"meta":{"msg_type":"zwsx.rsperr","status":503}})") == exit_code::failed);
  CHECK(with.code_of("{") == exit_code::failed);
}
