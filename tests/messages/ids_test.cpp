#include "messages/ids.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <thread>
#include <vector>

using namespace muster;

namespace {

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

TEST_CASE("random ids are 24 hex digits and never the same") {
  std::set<std::string> seen;
  for (auto i = 0; i < 5000; ++i) {
    const auto id = random_id();
    CHECK(id.size() == 24);
    CHECK(is_hex(id));
    CHECK(seen.insert(id).second);
  }
}

TEST_CASE("a random id is written behind what is there") {
  std::string text = "zwsxt.";
  append_random_id(text);
  CHECK(text.starts_with("zwsxt."));
  CHECK(text.size() == 30);
}

TEST_CASE("timed ids sort in the order of their making") {
  std::vector<std::string> made;
  for (auto i = 0; i < 1000; ++i)
    made.push_back(timed_id("ws."));
  CHECK(std::is_sorted(made.begin(), made.end()));
  CHECK(std::adjacent_find(made.begin(), made.end()) == made.end());
  CHECK(made.front().size() == 27);
  CHECK(is_hex(std::string_view{made.front()}.substr(3)));
}

TEST_CASE("ids made on several threads differ") {
  std::vector<std::string> first, second;
  const auto make = [](std::vector<std::string>& out) {
    for (auto i = 0; i < 2000; ++i) {
      out.push_back(random_id());
      out.push_back(timed_id(""));
    }
  };
  std::thread other{[&] { make(second); }};
  make(first);
  other.join();
  std::set<std::string> all{first.begin(), first.end()};
  all.insert(second.begin(), second.end());
  CHECK(all.size() == first.size() + second.size());
}
