#include "messages/literal.hpp"
#include "tests/catch.hpp"

#include <string>

using namespace muster;
using namespace std::chrono_literals;

TEST_CASE("numbers and sizes are read") {
  CHECK(parse_number("10") == number{std::int64_t{10}});
  CHECK(parse_number("-1") == number{std::int64_t{-1}});
  CHECK(parse_number("2.5") == number{2.5});
  CHECK(parse_number("9007199254740993") == number{std::int64_t{9007199254740993}});
  CHECK(parse_number("10KB") == number{std::int64_t{10000}});
  CHECK(parse_number("1.5MiB") == number{std::int64_t{1572864}});
  CHECK(parse_number("1GiB") == number{std::int64_t{1073741824}});
  for (const auto* bad : {"", "x", "1XB", "10m", "1e999", "nan", "inf", "1 MiB", "--1"})
    CHECK(!parse_number(bad));
}

TEST_CASE("durations are read") {
  CHECK(parse_duration("10m") == 10min);
  CHECK(parse_duration("1h30m") == 90min);
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("1.5s") == 1500ms);
  CHECK(parse_duration("2d") == 48h);
  CHECK(parse_duration("1m1ms") == 60001ms);
  for (const auto* bad : {"", "10", "m", "10x", "-1s", "1h30", "1..5s", "101w1000000d", "1e3s"})
    CHECK(!parse_duration(bad));
}

TEST_CASE("a glob matches the whole text, a question mark one character") {
  CHECK(matches_glob("pos-*", "pos-17"));
  CHECK(matches_glob("*", ""));
  CHECK(matches_glob("", ""));
  CHECK(!matches_glob("", "a"));
  CHECK(!matches_glob("pos", "pos-17"));
  CHECK(matches_glob("*a*b", "xxaxxbxxb"));
  CHECK(!matches_glob("*a*b", "xxaxxbxxc"));
  CHECK(matches_glob("?", "\u00e4"));
  CHECK(!matches_glob("??", "\u00e4"));
  CHECK(matches_glob("*?", "\u00e4"));
  CHECK(!matches_glob("?*", ""));
  CHECK(!matches_glob("*a*a*a*a*a*b", std::string(2000, 'a')));
}
