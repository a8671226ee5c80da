#include "messages/subscription.hpp"

#include "tests/catch.hpp"

#include <rapidcheck.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

using namespace muster;

namespace {

subscription_state marked(std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges) {
  subscription_state out;
  for (const auto& [first, last] : ranges)
    out.skip(first, last);
  return out;
}

std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges_of(const subscription_state& state) {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> out;
  for (const auto& each : state.skipped)
    out.emplace_back(each.first, each.last);
  return out;
}

using ranges = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

bool is_hex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

} // namespace

TEST_CASE("a subscription begins with the new, the first, a sequence or a time") {
  CHECK(parse_start_point("\"new\"")->what == start_point::kind::fresh);
  CHECK(parse_start_point("\"first\"")->what == start_point::kind::first);
  const auto seq = parse_start_point("17");
  REQUIRE(seq);
  CHECK(seq->what == start_point::kind::sequence);
  CHECK(seq->seq == 17);
  CHECK(parse_start_point("18446744073709551615")->seq == UINT64_MAX);
  CHECK(parse_start_point("0")->seq == 0);
  const auto time = parse_start_point("\"2026-11-23T12:00:00Z\"");
  REQUIRE(time);
  CHECK(time->what == start_point::kind::time);
  CHECK(time->at == timestamp{std::chrono::seconds{1795435200}});
}

TEST_CASE("a subscription begins nowhere else") {
  for (const auto* text :
       {"\"\"", "\"last\"", "\"New\"", "\"17\"", "-1", "1.5", "1e3", "18446744073709551616", "true",
        "{}", "[1]", "\"2026-11-23\"", "\"2026-11-23T12:00:00\""})
    CHECK_FALSE(parse_start_point(text));
}

TEST_CASE("a sub key carries its client and the number of its topic") {
  for (const auto number : {0U, 1U, 0xABCDEF01U, 0xFFFFFFFFU}) {
    const auto key = make_sub_key("ext.1", number);
    const std::string prefix = "zpsk.wsx.ext.1.";
    REQUIRE(key.starts_with(prefix));
    CHECK(key.size() == prefix.size() + 24);
    CHECK(is_hex(key.substr(prefix.size())));
    CHECK(topic_number_of(key) == number);
  }
}

TEST_CASE("no two sub keys are the same") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i)
    seen.insert(make_sub_key("ext.1", 7));
  CHECK(seen.size() == 1000);
}

TEST_CASE("a sub key knows its topic whatever the client is called") {
  CHECK(rc::check([] {
    const auto client = *rc::gen::arbitrary<std::string>();
    const auto number = *rc::gen::arbitrary<std::uint32_t>();
    RC_ASSERT(topic_number_of(make_sub_key(client, number)) == number);
  }));
}

TEST_CASE("a long client id is cut in its sub key, but not within a character") {
  const auto key = make_sub_key(std::string(127, 'x') + "\xE2\x82\xAC" + "tail", 5);
  CHECK(key.starts_with("zpsk.wsx." + std::string(127, 'x') + "."));
  CHECK(topic_number_of(key) == 5);
  const auto whole = make_sub_key(std::string(126, 'x') + "\xC3\xA9" + "tail", 5);
  CHECK(whole.starts_with("zpsk.wsx." + std::string(126, 'x') + "\xC3\xA9."));
}

TEST_CASE("what is no sub key names no topic") {
  for (const auto* text :
       {"", "zpsk.wsx.", "zpsk.wsx.ext.1", "zpsk.rest.ext.1.000000010123456789abcdef",
        "zpsk.wsx.ext.1.0000000g0123456789abcdef", "zpsk.wsx.ext.1.-00000010123456789abcdef",
        "zpsk.wsx.000000010123456789abcdef"})
    CHECK_FALSE(topic_number_of(text));
}

TEST_CASE("ranges that touch are one") {
  CHECK(ranges_of(marked({{5, 7}, {8, 9}})) == ranges{{5, 9}});
  CHECK(ranges_of(marked({{8, 9}, {5, 7}})) == ranges{{5, 9}});
  CHECK(ranges_of(marked({{5, 6}, {8, 9}})) == ranges{{5, 6}, {8, 9}});
  CHECK(ranges_of(marked({{5, 6}, {8, 9}, {7, 7}})) == ranges{{5, 9}});
  CHECK(ranges_of(marked({{5, 6}, {8, 9}, {1, 20}})) == ranges{{1, 20}});
  CHECK(ranges_of(marked({{1, 20}, {5, 6}})) == ranges{{1, 20}});
}

TEST_CASE("what is skipped is what a set of sequences says") {
  CHECK(rc::check([] {
    subscription_state state;
    std::set<std::uint64_t> model;
    const auto steps =
        *rc::gen::container<std::vector<std::pair<std::uint64_t, std::uint64_t>>>(rc::gen::pair(
            rc::gen::inRange<std::uint64_t>(1, 60), rc::gen::inRange<std::uint64_t>(0, 6)));
    for (const auto& [first, more] : steps) {
      state.skip(first, first + more);
      for (auto seq = first; seq <= first + more; ++seq)
        model.insert(seq);
    }
    for (std::uint64_t seq = 0; seq < 80; ++seq)
      RC_ASSERT(state.skips(seq) == model.contains(seq));
    // In order, and apart from each other.
    for (std::size_t i = 0; i < state.skipped.size(); ++i) {
      RC_ASSERT(state.skipped[i].first <= state.skipped[i].last);
      if (i > 0)
        RC_ASSERT(state.skipped[i].first > state.skipped[i - 1].last + 1);
    }
  }));
}

TEST_CASE("the floor is what is settled in all lanes") {
  subscription_state state;
  CHECK(state.floor() == 0);
  state.take_all(10);
  CHECK(state.taken == std::vector<std::uint64_t>(lanes, 10));
  CHECK(state.floor() == 10);
  state.taken[3] = 4;
  CHECK(state.floor() == 4);
  state.unacked = {{7, 1}, {9, 2}};
  CHECK(state.floor() == 4);
  state.unacked = {{3, 1}, {9, 2}};
  CHECK(state.floor() == 2);
}

TEST_CASE("every cause of a loss has a name of its own") {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < drop_causes; ++i)
    names.insert(to_string(static_cast<drop_cause>(i)));
  CHECK(names.size() == drop_causes);
  CHECK(to_string(drop_cause::slow_consumer) == "slow_consumer");
  CHECK(to_string(drop_cause::damaged) == "damaged");
  CHECK(to_string(ack_mode::automatic) == "auto");
  CHECK(to_string(ack_mode::client) == "client");
}
