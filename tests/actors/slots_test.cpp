#include "actors/slots.hpp"

#include "tests/catch.hpp"

#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <string>

using namespace muster;
using namespace std::string_literals;

TEST_CASE("what was put in comes out once, by its key") {
  slots<std::string> testee;
  const auto a = testee.add("a");
  const auto b = testee.add("b");
  CHECK(testee.size() == 2);
  CHECK(testee.take(a) == "a"s);
  CHECK_FALSE(testee.take(a));
  const auto c = testee.add("c");
  CHECK_FALSE(testee.take(a));
  CHECK(testee.take(c) == "c"s);
  CHECK(testee.take(b) == "b"s);
  CHECK(testee.empty());
  CHECK_FALSE(testee.take(0));
  CHECK_FALSE(testee.take(~0ULL));
}

TEST_CASE("slots hold what a map would") {
  std::minstd_rand random;
  slots<std::uint64_t> testee;
  std::map<std::uint64_t, std::uint64_t> model;
  for (std::uint64_t step = 0; step < 2000; ++step) {
    if (random() % 8 < 5 - step / 500 || model.empty()) {
      const auto key = testee.add(step);
      CHECK(model.emplace(key, step).second);
    } else {
      const auto which = std::next(model.begin(), static_cast<long>(random() % model.size()));
      CHECK(testee.take(which->first) == which->second);
      CHECK_FALSE(testee.take(which->first));
      model.erase(which);
    }
    CHECK(testee.size() == model.size());
  }
  std::uint64_t sum = 0;
  testee.each([&](std::uint64_t thing) { sum += thing; });
  for (const auto& [key, thing] : model)
    sum -= thing;
  CHECK(sum == 0);
}

TEST_CASE("emptied slots begin anew") {
  slots<int> testee;
  testee.add(1);
  testee.clear();
  CHECK(testee.empty());
  CHECK(testee.take(testee.add(2)) == 2);
}
