#include "actors/topic_log.hpp"

#include "tests/actors/some_publications.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <string>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t any_bytes = std::uint64_t{1} << 40;

/// Of a log without a disk.
topic_log volatile_log(const std::vector<unsigned>& priorities) {
  topic_log out;
  std::uint64_t seq = 0;
  for (const auto priority : priorities)
    out.add(a_publication(++seq, priority), false);
  return out;
}

topic_log::harvest collect(const topic_log& log, subscription_state& state,
                           std::size_t limit = 1000, std::uint64_t max_bytes = any_bytes,
                           timestamp now = noon) {
  return log.collect(state, limit, max_bytes, now);
}

topic_message keyed(std::uint64_t seq, const std::string& key) {
  auto out = a_message(seq);
  out.key = key;
  return out;
}

topic_message named(std::uint64_t seq, const std::string& own_id) {
  auto out = a_message(seq);
  out.msg_id = own_id;
  out.own_id = true;
  return out;
}

std::size_t in_memory(const topic_log& log) {
  std::size_t out = 0;
  for (auto seq = log.index().next(0); seq; seq = log.index().next(*seq))
    out += log.in_memory(*seq) ? 1 : 0;
  return out;
}

} // namespace

TEST_CASE("messages come by priority, then by sequence") {
  const auto log = volatile_log({5, 9, 1, 5, 9, 1});
  subscription_state state;
  const auto found = collect(log, state);
  CHECK(seqs_of(found.messages) == seqs{2, 5, 1, 4, 3, 6});
  CHECK(found.complete);
  CHECK_FALSE(found.on_disk);
  CHECK(state.taken == seqs(lanes, 6));
  CHECK(collect(log, state).messages.empty());
  CHECK(collect(log, state).complete);
}

TEST_CASE("a limit of messages leaves the rest for the next time") {
  const auto log = volatile_log({5, 9, 1, 5, 9, 1});
  subscription_state state;
  auto found = collect(log, state, 3);
  CHECK(seqs_of(found.messages) == seqs{2, 5, 1});
  CHECK_FALSE(found.complete);
  found = collect(log, state, 3);
  CHECK(seqs_of(found.messages) == seqs{4, 3, 6});
  CHECK(collect(log, state, 3).messages.empty());
}

TEST_CASE("a limit of bytes lets one message through, however large") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= 4; ++seq)
    log.add(long_one(seq, 100), false);
  subscription_state state;
  CHECK(seqs_of(collect(log, state, 1000, 10).messages) == seqs{1});
  CHECK(seqs_of(collect(log, state, 1000, 200).messages) == seqs{2, 3});
  CHECK(seqs_of(collect(log, state, 1000, 199).messages) == seqs{4});
}

TEST_CASE("what has expired is passed over and counted") {
  topic_log log;
  log.add(a_publication(1), false);
  log.add(short_lived(2, 10), false);
  log.add(short_lived(3, 20), false);
  log.add(a_publication(4), false);
  subscription_state state;
  const auto found = collect(log, state, 1000, any_bytes, noon + 10s);
  CHECK(seqs_of(found.messages) == seqs{1, 3, 4});
  CHECK(found.expired == 1);
  CHECK(found.complete);
}

TEST_CASE("what is skipped is not collected, not waiting and never the oldest") {
  const auto log = volatile_log({5, 9, 5, 1, 5});
  subscription_state state;
  state.skip(1, 2);
  state.skip(4, 4);
  CHECK(log.waiting(state).count == 2);
  CHECK(log.oldest(state) == 3U);
  CHECK(seqs_of(collect(log, state).messages) == seqs{3, 5});
  CHECK(state.skipped.empty());
}

TEST_CASE("a subscription that begins in the future is not taken back by what comes before") {
  const auto log = volatile_log({5, 5, 5});
  subscription_state state;
  state.take_all(10);
  const auto found = collect(log, state);
  CHECK(found.complete);
  CHECK(found.messages.empty());
  CHECK(state.taken == seqs(lanes, 10));
  CHECK(log.waiting(state).count == 0);
}

TEST_CASE("what a subscription collects is what a simple queue would give it") {
  std::mt19937 random{7};
  const auto pick = [&](std::size_t below) { return random() % below; };
  for (int round = 0; round < 50; ++round) {
    topic_log log;
    subscription_state state;
    // What waits: by priority, highest first, then by sequence.
    std::map<std::pair<int, std::uint64_t>, publication_ptr> model;
    std::uint64_t seq = 0;
    for (int step = 0; step < 60; ++step) {
      for (auto i = pick(8); i > 0; --i) {
        ++seq;
        const auto priority = static_cast<unsigned>(1 + pick(9));
        const auto message =
            pick(10) == 0 ? short_lived(seq, 0, priority) : a_publication(seq, priority);
        log.add(message, false);
        model[{-static_cast<int>(priority), seq}] = message;
      }
      if (pick(5) == 0) {
        const auto first = pick(seq + 1) + 1;
        const auto last = std::min(seq, first + pick(3));
        if (first <= last)
          state.skip(first, last);
        std::erase_if(model, [&](const auto& each) {
          return each.first.second >= first && each.first.second <= last;
        });
      }
      if (pick(5) == 0) {
        const auto gone = pick(seq + 1) + 1;
        log.erase(gone);
        std::erase_if(model, [&](const auto& each) { return each.first.second == gone; });
      }
      REQUIRE(log.waiting(state).count == model.size());
      std::uint64_t bytes = 0;
      std::optional<std::uint64_t> oldest;
      for (const auto& [place, message] : model) {
        bytes += message->size();
        oldest = std::min(oldest.value_or(place.second), place.second);
      }
      REQUIRE(log.waiting(state).bytes == bytes);
      REQUIRE(log.oldest(state) == oldest);
      if (pick(2) == 0)
        continue;
      const auto limit = 1 + pick(6);
      const auto found = collect(log, state, limit);
      seqs expected;
      std::uint64_t expired = 0;
      while (!model.empty() && expected.size() < limit) {
        const auto message = model.begin()->second;
        model.erase(model.begin());
        if (message->expired(noon))
          ++expired;
        else
          expected.push_back(message->seq());
      }
      // Those behind a full harvest are looked at the next time.
      REQUIRE(seqs_of(found.messages) == expected);
      REQUIRE(found.expired == expired);
      REQUIRE(found.complete == (model.empty()));
    }
  }
}

TEST_CASE("a durable topic keeps its newest messages in memory") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= topic_log::kept_messages + 5; ++seq)
    log.add(a_publication(seq), true);
  CHECK(log.index().total().count == topic_log::kept_messages + 5);
  CHECK_FALSE(log.is_in_memory());
  CHECK(log.in_memory(5) == nullptr);
  CHECK(log.in_memory(6) != nullptr);
  CHECK(in_memory(log) == topic_log::kept_messages);
}

TEST_CASE("a durable topic keeps no more bytes in memory than it may, but always one message") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= 20; ++seq)
    log.add(long_one(seq, 100'000), true);
  CHECK(in_memory(log) >= 9);
  CHECK(in_memory(log) <= 10);
  CHECK(log.in_memory(20) != nullptr);
  log.add(long_one(21, 3 * topic_log::kept_bytes), true);
  CHECK(in_memory(log) == 1);
  CHECK(log.in_memory(21) != nullptr);
}

TEST_CASE("what is only on the disk is told with its lane and where to begin") {
  topic_log log;
  log.add(a_publication(1, 9), true);
  log.add(a_publication(2, 3), true);
  for (std::uint64_t seq = 3; seq < 3 + topic_log::kept_messages; ++seq)
    log.add(a_publication(seq, 5), true);
  REQUIRE(log.in_memory(2) == nullptr);
  subscription_state state;
  auto found = collect(log, state);
  CHECK(found.messages.empty());
  CHECK_FALSE(found.complete);
  REQUIRE(found.on_disk);
  CHECK(found.on_disk->lane == 8);
  CHECK(found.on_disk->after == 0);
  // The disk was read.
  state.taken[8] = 1;
  found = collect(log, state, 400);
  CHECK(found.messages.size() == 400);
  CHECK_FALSE(found.on_disk);
  found = collect(log, state);
  CHECK(found.messages.size() == topic_log::kept_messages - 400);
  CHECK_FALSE(found.complete);
  CHECK_FALSE(found.on_disk);
  found = collect(log, state);
  REQUIRE(found.on_disk);
  CHECK(found.on_disk->lane == 2);
  CHECK(found.on_disk->after == 0);
  state.taken[2] = 2;
  CHECK(collect(log, state).complete);
}

TEST_CASE("what is on the disk and skipped needs no reading") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= topic_log::kept_messages + 2; ++seq)
    log.add(a_publication(seq), true);
  subscription_state state;
  state.skip(1, 2);
  const auto found = collect(log, state);
  CHECK_FALSE(found.on_disk);
  CHECK(found.messages.size() == topic_log::kept_messages);
}

TEST_CASE("a message that is only in memory never leaves it for a durable one") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= 100; ++seq)
    log.add(long_one(seq, 50'000), false);
  CHECK(log.is_in_memory());
  // The topic was made durable.
  const auto end = 100 + 2 * topic_log::kept_messages;
  for (std::uint64_t seq = 101; seq <= end; ++seq)
    log.add(a_publication(seq), true);
  for (std::uint64_t seq = 1; seq <= 100; ++seq)
    REQUIRE(log.in_memory(seq) != nullptr);
  CHECK(log.in_memory(end) != nullptr);
  CHECK(in_memory(log) < 100 + topic_log::kept_messages + 1);
}

TEST_CASE("a topic may be made durable and volatile as often as one likes") {
  std::mt19937 random{3};
  topic_log log;
  std::set<std::uint64_t> only_here;
  bool durable = true;
  std::uint64_t first = 1;
  for (std::uint64_t seq = 1; seq <= 20'000; ++seq) {
    if (random() % 700 == 0)
      durable = !durable;
    log.add(seq % 50 == 0 ? long_one(seq, 60'000) : a_publication(seq), durable);
    if (!durable)
      only_here.insert(seq);
    if (random() % 900 == 0) {
      first = std::max(first, seq - random() % 3000 % seq);
      log.trim(first - 1);
      only_here.erase(only_here.begin(), only_here.lower_bound(first));
    }
    REQUIRE(log.in_memory(seq) != nullptr);
    if (seq % 100 == 0)
      for (const auto each : only_here)
        REQUIRE(log.in_memory(each) != nullptr);
  }
}

TEST_CASE("durable messages leave the memory again after a time without durability") {
  topic_log log;
  std::uint64_t seq = 0;
  const auto add = [&](std::size_t count, bool durable) {
    for (; count > 0; --count)
      log.add(a_publication(++seq), durable);
  };
  add(500, true);
  add(10, false);
  add(500, true);
  log.trim(505);
  add(5 * topic_log::kept_messages, true);
  log.trim(seq - 4000);
  add(5 * topic_log::kept_messages, true);
  CHECK(in_memory(log) == topic_log::kept_messages);
}

TEST_CASE("a message is found by its id until it goes") {
  topic_log log;
  auto message = a_message(1);
  message.msg_id = make_msg_id(1);
  const auto id = message.msg_id;
  log.add(a_publication(message), false);
  log.add(a_publication(named(2, "mine")), false);
  CHECK(log.find(id) == 1U);
  CHECK_FALSE(log.find_own(id));
  CHECK(log.find("mine") == 2U);
  CHECK(log.find_own("mine") == 2U);
  CHECK_FALSE(log.find("other"));
  CHECK_FALSE(log.find(""));
  // Another id of the same sequence.
  CHECK_FALSE(log.find(make_msg_id(1)));
  CHECK_FALSE(log.find(make_msg_id(3)));
  CHECK(log.erase(1));
  CHECK_FALSE(log.erase(1));
  CHECK_FALSE(log.find(id));
  log.trim(2);
  CHECK_FALSE(log.find("mine"));
  CHECK_FALSE(log.find_own("mine"));
  CHECK(log.last_seq() == 2);
}

TEST_CASE("an id that a publisher made to look like ours is its own") {
  topic_log log;
  const auto forged = make_msg_id(1);
  log.add(a_publication(1), false);
  log.add(a_publication(named(2, forged)), false);
  CHECK(log.find(forged) == 2U);
}

TEST_CASE("ids of messages carry their sequence and are all different") {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto id = make_msg_id(0xABCDEF);
    CHECK(id.starts_with("zpsm"));
    CHECK(id.size() == 28);
    CHECK(id.ends_with("0000000000abcdef"));
    seen.insert(id);
  }
  CHECK(seen.size() > 95);
  CHECK(make_msg_id(UINT64_MAX).ends_with("ffffffffffffffff"));
}

TEST_CASE("the newest message of a key holds it") {
  topic_log log;
  log.add(a_publication(keyed(1, "a")), false);
  log.add(a_publication(keyed(2, "b")), false);
  CHECK(log.holder_of("a") == 1U);
  CHECK(log.holder_of("b") == 2U);
  CHECK_FALSE(log.holder_of("c"));
  CHECK_FALSE(log.holder_of(""));
  log.erase(1);
  CHECK_FALSE(log.holder_of("a"));
  log.add(a_publication(keyed(3, "a")), false);
  CHECK(log.holder_of("a") == 3U);
  // An older one that goes takes nothing with it.
  log.add(a_publication(keyed(4, "b")), false);
  log.erase(2);
  CHECK(log.holder_of("b") == 4U);
  log.trim(3);
  CHECK_FALSE(log.holder_of("a"));
  CHECK(log.holder_of("b") == 4U);
}

TEST_CASE("a log comes back with all that the disk knows of it") {
  stored_log stored;
  stored.last_seq = 20;
  stored.entries = {{3, 8, 10, microseconds_of(noon)}, {7, 0, 20, microseconds_of(noon)}};
  stored.own_ids = {{"mine", 3}};
  stored.keys = {{"k", 7}};
  topic_log log;
  log.load(stored);
  CHECK(log.last_seq() == 20);
  CHECK(log.index().total().count == 2);
  CHECK(log.index().total().bytes == 30);
  CHECK(log.index().find(3)->lane == 8);
  CHECK(log.index().find(7)->published_s == 1795435200);
  CHECK(log.find_own("mine") == 3U);
  CHECK(log.holder_of("k") == 7U);
  CHECK_FALSE(log.is_in_memory());
  CHECK(log.find(make_msg_id(7)) == 7U);
  subscription_state state;
  REQUIRE(collect(log, state).on_disk);
  log.erase(3);
  CHECK_FALSE(log.find_own("mine"));
  log.trim(7);
  CHECK_FALSE(log.holder_of("k"));
  CHECK(log.is_in_memory());
}

TEST_CASE("a log without messages goes on with its sequence") {
  stored_log stored;
  stored.last_seq = 20;
  topic_log log;
  log.load(stored);
  CHECK(log.last_seq() == 20);
  log.continue_after(15);
  CHECK(log.last_seq() == 20);
  log.continue_after(25);
  CHECK(log.last_seq() == 25);
  log.add(a_publication(26), false);
  CHECK(log.last_seq() == 26);
}

TEST_CASE("trimming takes everything up to there and nothing else") {
  auto log = volatile_log({5, 9, 1, 5, 9, 1});
  log.trim(4);
  CHECK(log.index().total().count == 2);
  CHECK(log.in_memory(4) == nullptr);
  CHECK(log.is_in_memory());
  subscription_state state;
  CHECK(seqs_of(collect(log, state).messages) == seqs{5, 6});
  log.trim(100);
  CHECK(log.index().total().count == 0);
  CHECK(log.last_seq() == 6);
}

TEST_CASE("expired messages are found some at a time, and all of them in the end") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= 10; ++seq)
    log.add(short_lived(seq, seq % 3 == 0 ? 10 : 100), false);
  CHECK(log.find_expired(noon, 100).empty());
  const auto later = noon + 10s;
  auto found = log.find_expired(later, 4);
  const auto rest = log.find_expired(later, 6);
  CHECK(found.size() + rest.size() == 3);
  found.insert(found.end(), rest.begin(), rest.end());
  std::sort(found.begin(), found.end());
  CHECK(found == seqs{3, 6, 9});
  for (const auto seq : found)
    log.erase(seq);
  CHECK(log.find_expired(later, 1000).empty());
  CHECK(log.find_expired(noon + 100s, 1000).size() == 7);
  CHECK(topic_log{}.find_expired(later, 10).empty());
}

TEST_CASE("the first message of a time is told from those in memory") {
  topic_log log;
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    auto message = a_message(seq);
    message.published_us += static_cast<std::int64_t>(seq) * 1'000'000;
    log.add(a_publication(message), false);
  }
  CHECK(log.first_in_memory(noon) == 1U);
  CHECK(log.first_in_memory(noon + 2s) == 2U);
  CHECK(log.first_in_memory(noon + 2001ms) == 3U);
  CHECK_FALSE(log.first_in_memory(noon + 4s));
}
