#include "actors/message_log.hpp"

#include "tests/catch.hpp"

using namespace muster;

namespace {

const timestamp start{};

} // namespace

TEST_CASE("secrets are blanked wherever they stand") {
  CHECK(redact(R"({"secret":"x","a":{"token" : "y","n":[1,{"secret":{"deep":"}"}}]}})", {})
        == R"({"secret":"***","a":{"token":"***","n":[1,{"secret":"***"}]}})");
  CHECK(redact(R"({"card":12,"b":"card"})", {"card"}) == R"({"card":"***","b":"card"})");
  CHECK(redact(R"({"sec\u0072et":"x"})", {}) == R"({"sec\u0072et":"***"})");
}

TEST_CASE("the log keeps the last messages each way, with their ids") {
  message_log log{{2, 100, {}}};
  for (int i = 0; i < 4; ++i)
    log.add(true, start + std::chrono::seconds{i},
            R"({"meta":{"id":"m)" + std::to_string(i) + R"(","in_reply_to":"r"}})");
  log.add(false, start, R"({"meta":{"id":"out"}})");
  const auto entries = log.entries();
  REQUIRE(entries.size() == 3);
  CHECK(entries[0].id == "out");
  CHECK(!entries[0].incoming);
  CHECK(entries[1].id == "m2");
  CHECK(entries[2].id == "m3");
  CHECK(entries[2].in_reply_to == "r");
}

TEST_CASE("payloads are cut between two characters") {
  message_log log{{1, 4, {}}};
  log.add(true, start, "\"ab\xC3\xA9\"");
  CHECK(log.entries().at(0).payload == "\"ab");
  CHECK(log.entries().at(0).size == 6);
}

TEST_CASE("what cannot be read is not kept") {
  message_log log{{1, 100, {}}};
  log.add(true, start, R"({"secret":"x)");
  CHECK(log.entries().at(0).payload == "(not JSON)");
}
