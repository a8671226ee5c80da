#include "messages/close_code.hpp"

#include "messages/json_scan.hpp"
#include "tests/catch.hpp"

#include <caf/exit_reason.hpp>

#include <string>

using namespace muster;

TEST_CASE("a Close order comes back out of its exit reason") {
  const auto reason = to_exit_reason({close_code::by_administrator, "maintenance", "ada"});
  const auto order = close_order_of(reason);
  REQUIRE(order);
  CHECK(order->code == close_code::by_administrator);
  CHECK(order->reason == "maintenance");
  CHECK(order->by == "ada");
}

TEST_CASE("other exit reasons are no Close order") {
  CHECK_FALSE(close_order_of(caf::error{}));
  CHECK_FALSE(close_order_of(caf::exit_reason::kill));
  CHECK_FALSE(close_order_of(make_error(errc::draining)));
  CHECK_FALSE(close_order_of(make_error(errc::close)));
  CHECK_FALSE(close_order_of(make_error(errc::close, "no order")));
}

TEST_CASE("advice is written as JSON") {
  CHECK(to_reason({}) == "{}");
  CHECK(to_reason({{{1, 30}}, false, "wss://b/x", "moving"})
        == R"({"retry":[1,30],"to":"wss://b/x","why":"moving"})");
  CHECK(to_reason({{{0.5, 2.25}}, false, {}, {}}) == R"({"retry":[0.5,2.25]})");
  CHECK(to_reason({{}, true, {}, "gone"}) == R"({"retry":null,"why":"gone"})");
  CHECK(to_reason({{}, false, {}, "a \"b\""}) == R"({"why":"a \"b\""})");
}

TEST_CASE("a Close reason that is too long is cut between two code points") {
  CHECK(fit_reason("short") == "short");
  CHECK(fit_reason(std::string(123, 'a')).size() == 123);
  CHECK(fit_reason(std::string(124, 'a')).size() == 123);
  const auto cut = fit_reason(std::string(122, 'a') + "\xE2\x82\xAC");
  CHECK(cut == std::string(122, 'a'));
  CHECK(fit_reason(std::string(120, 'a') + "\xE2\x82\xAC" + "b").size() == 123);
}
