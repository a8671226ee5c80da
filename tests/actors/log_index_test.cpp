#include "actors/log_index.hpp"

#include "tests/catch.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <vector>

using namespace muster;

namespace {

using entry = log_index::entry;

/// The same by definition: everything is looked at, always.
struct model {
  std::map<std::uint64_t, entry> entries;
  std::uint64_t last = 0;

  log_index::sum total() const {
    return above([](const entry&) { return true; }, 0);
  }
  template <class Wanted>
  log_index::sum above(Wanted wanted, std::uint64_t after) const {
    log_index::sum out;
    for (const auto& [seq, each] : entries)
      if (seq > after && wanted(each)) {
        ++out.count;
        out.bytes += each.size;
      }
    return out;
  }
  template <class Wanted>
  std::optional<std::uint64_t> next(Wanted wanted, std::uint64_t after) const {
    for (const auto& [seq, each] : entries)
      if (seq > after && wanted(each))
        return seq;
    return std::nullopt;
  }
  std::optional<std::uint64_t> previous(std::uint64_t before) const {
    std::optional<std::uint64_t> out;
    for (const auto& [seq, each] : entries)
      if (seq < before)
        out = seq;
    return out;
  }
  std::uint64_t excess(std::uint64_t count, std::uint64_t bytes, std::int64_t oldest_s) const {
    auto left = total();
    std::uint64_t up_to = 0;
    for (const auto& [seq, each] : entries) {
      if (left.count <= count && left.bytes <= bytes && each.published_s >= oldest_s)
        break;
      --left.count;
      left.bytes -= each.size;
      up_to = seq;
    }
    return up_to;
  }
};

class log_pair {
public:
  explicit log_pair(unsigned seed) : random_{seed} {}

  std::uint64_t pick(std::uint64_t below) { return random_() % below; }

  void change() {
    switch (pick(20)) {
    case 0: {
      const auto up_to = pick(testee.last() + 20) / (1 + pick(4));
      testee.trim(up_to);
      std::erase_if(expected.entries, [&](const auto& each) { return each.first <= up_to; });
      return;
    }
    case 1: {
      const auto last = expected.last + pick(400);
      testee.skip_to(last);
      expected.last = last;
      // What is behind already is no way back.
      testee.skip_to(last / 2);
      return;
    }
    case 2:
    case 3:
    case 4:
    case 5: {
      const auto seq = pick(testee.last() + 5);
      const bool was_there = expected.entries.erase(seq) == 1;
      REQUIRE(testee.erase(seq) == was_there);
      return;
    }
    default:
      for (auto i = pick(20); i > 0; --i)
        add();
    }
  }

  void compare() {
    REQUIRE(testee.last() == expected.last);
    same(testee.total(), expected.total());
    const auto at = pick(expected.last + 10);
    const auto found = testee.find(at);
    const auto known = expected.entries.find(at);
    REQUIRE(found.has_value() == (known != expected.entries.end()));
    if (found) {
      REQUIRE(found->lane == known->second.lane);
      REQUIRE(found->size == known->second.size);
      REQUIRE(found->published_s == known->second.published_s);
    }
    const auto any = [](const entry&) { return true; };
    REQUIRE(testee.next(at) == expected.next(any, at));
    REQUIRE(testee.previous(at) == expected.previous(at));
    std::vector<std::uint64_t> marks;
    log_index::sum behind_marks;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto in_lane = [&](const entry& each) { return each.lane == lane; };
      marks.push_back(pick(expected.last + 10));
      REQUIRE(testee.next(lane, marks.back()) == expected.next(in_lane, marks.back()));
      const auto sum = expected.above(in_lane, marks.back());
      same(testee.above(lane, marks.back()), sum);
      behind_marks.count += sum.count;
      behind_marks.bytes += sum.bytes;
    }
    same(testee.above(marks), behind_marks);
    const auto total = expected.total();
    const auto count = pick(total.count + 10);
    const auto bytes = pick(total.bytes + 100);
    const auto oldest = static_cast<std::int64_t>(pick(now_s_ + 5)) - 2;
    REQUIRE(testee.excess(count, bytes, oldest) == expected.excess(count, bytes, oldest));
  }

  log_index testee;
  model expected;

private:
  void add() {
    now_s_ += pick(2);
    const auto seq = expected.last + 1 + (pick(10) == 0 ? pick(300) : 0);
    const entry what{static_cast<std::uint8_t>(pick(lanes)), static_cast<std::uint32_t>(pick(50)),
                     static_cast<std::uint32_t>(now_s_)};
    testee.add(seq, what);
    expected.entries[seq] = what;
    expected.last = seq;
  }
  static void same(const log_index::sum& a, const log_index::sum& b) {
    REQUIRE(a.count == b.count);
    REQUIRE(a.bytes == b.bytes);
  }

  std::mt19937 random_;
  std::uint64_t now_s_ = 100;
};

} // namespace

TEST_CASE("an index of a log is what a list of all its messages says") {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    log_pair logs{seed};
    for (int i = 0; i < 200; ++i) {
      logs.change();
      logs.compare();
    }
    REQUIRE(logs.testee.last() > 500);
  }
}

TEST_CASE("an index without messages has nothing to say") {
  log_index testee;
  CHECK(testee.last() == 0);
  CHECK(testee.total().count == 0);
  CHECK_FALSE(testee.next(0));
  CHECK_FALSE(testee.next(0, 0));
  CHECK_FALSE(testee.previous(100));
  CHECK_FALSE(testee.find(0));
  CHECK_FALSE(testee.erase(1));
  CHECK(testee.excess(1, 1, 1'000'000'000'000) == 0);
  testee.trim(100);
  CHECK(testee.last() == 0);
}

TEST_CASE("an index forgets everything and goes on where it is told") {
  log_index testee;
  testee.add(5, {3, 10, 1});
  testee.reset(2);
  CHECK(testee.last() == 2);
  CHECK(testee.total().bytes == 0);
  CHECK_FALSE(testee.next(3, 0));
  testee.add(3, {3, 10, 1});
  CHECK(testee.next(3, 0) == 3U);
}

TEST_CASE("the sequence goes on behind messages that are gone") {
  log_index testee;
  testee.add(1, {0, 1, 1});
  testee.add(2, {0, 1, 1});
  testee.erase(2);
  testee.trim(2);
  CHECK(testee.last() == 2);
  CHECK(testee.total().count == 0);
}

TEST_CASE("a message of no bytes is there as well") {
  log_index testee;
  testee.add(1, {0, 0, 0});
  CHECK(testee.find(1));
  CHECK(testee.total().count == 1);
  CHECK(testee.above(0, 0).count == 1);
  CHECK(testee.erase(1));
}

TEST_CASE("the largest message is counted with all its bytes") {
  log_index testee;
  constexpr std::uint32_t largest = 67'108'864;
  for (std::uint64_t seq = 1; seq <= 200; ++seq)
    testee.add(seq, {8, largest, UINT32_MAX});
  CHECK(testee.total().bytes == std::uint64_t{200} * largest);
  CHECK(testee.find(7)->size == largest);
  CHECK(testee.find(7)->lane == 8);
  CHECK(testee.find(7)->published_s == UINT32_MAX);
}

TEST_CASE("sequences far apart take no time between them") {
  log_index testee;
  constexpr std::uint64_t far = std::uint64_t{1} << 60;
  testee.add(1, {0, 1, 1});
  testee.add(far, {0, 1, 1});
  CHECK(testee.next(1) == far);
  CHECK(testee.previous(far) == 1U);
  CHECK(testee.next(0, 1) == far);
  CHECK(testee.above(0, 1).count == 1);
  testee.trim(far - 1);
  CHECK(testee.total().count == 1);
}
