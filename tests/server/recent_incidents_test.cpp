#include "server/recent_incidents.hpp"
#include "tests/catch.hpp"

#include <spdlog/logger.h>

#include <memory>
#include <string>

using namespace muster;

namespace {

struct a_log {
  std::shared_ptr<recent_incidents> testee = std::make_shared<recent_incidents>();
  spdlog::logger log{"test", testee};
};

} // namespace

TEST_CASE_METHOD(a_log, "warnings and what is worse are kept, in their order") {
  log.info("all is well");
  log.warn("it is {} o'clock", 3);
  log.error("it burns");
  log.critical("it is gone");
  const auto all = testee->all();
  REQUIRE(all.size() == 3);
  CHECK(all[0].level == "warning");
  CHECK(all[0].text == "it is 3 o'clock");
  CHECK(all[0].at > timestamp{});
  CHECK(all[1].level == "error");
  CHECK(all[2].level == "critical");
  CHECK(all[0].number < all[1].number);
  CHECK(all[1].number < all[2].number);
}

TEST_CASE_METHOD(a_log, "the oldest go when there are too many") {
  for (std::size_t i = 0; i < recent_incidents::max_kept + 2; ++i)
    log.warn("{}", i);
  const auto all = testee->all();
  REQUIRE(all.size() == recent_incidents::max_kept);
  CHECK(all.front().text == "2");
  CHECK(all.back().number == recent_incidents::max_kept + 2);
}

TEST_CASE_METHOD(a_log, "a text without end is cut") {
  log.error(std::string(100'000, 'x'));
  REQUIRE(testee->all().size() == 1);
  CHECK(testee->all()[0].text == std::string(recent_incidents::max_text, 'x') + "...");
}
