#include "messages/metrics.hpp"
#include "tests/actors/a_feed.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <vector>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

using mode = feed::mode;

seqs up_to(std::uint64_t last, std::uint64_t first = 1) {
  seqs out;
  for (auto seq = first; seq <= last; ++seq)
    out.push_back(seq);
  return out;
}

seqs unacked_of(const feed& of) {
  seqs out;
  for (const auto& each : of.state().unacked)
    out.push_back(each.seq);
  return out;
}

struct acking : feed_maker {
  acking() {
    facts.ack = ack_mode::client;
    rules.ack_timeout = 30;
  }
};

} // namespace

TEST_CASE("a delivery waits for its acknowledgement") {
  acking make;
  auto testee = make.following(5);
  push(testee, {6, 7, 8});
  CHECK(testee.lossless());
  CHECK(testee.counts_acks());
  CHECK(testee.is_unacked(7));
  CHECK(testee.about->counters.unacked == 3);
  CHECK(testee.about->counters.acked_seq == 5);
  CHECK(testee.find_unacked("m8") == 8U);
  CHECK_FALSE(testee.find_unacked("m9"));
  CHECK(unacked_of(testee) == seqs{6, 7, 8});
}

TEST_CASE("acknowledgements may come in any order, each counts once") {
  acking make;
  auto testee = make.following(5);
  push(testee, {6, 7, 8, 9});
  CHECK(testee.acknowledge(8));
  CHECK_FALSE(testee.acknowledge(8));
  CHECK_FALSE(testee.acknowledge(1));
  CHECK(unacked_of(testee) == seqs{6, 7, 9});
  CHECK(testee.about->counters.acked_seq == 5);
  CHECK(testee.acknowledge(6));
  CHECK(testee.about->counters.acked_seq == 6);
  CHECK(testee.acknowledge_up_to(9) == 2);
  CHECK(testee.acknowledge_up_to(9) == 0);
  CHECK(testee.about->counters.acked_seq == 9);
  CHECK(testee.about->counters.unacked == 0);
  CHECK(testee.state().unacked.empty());
}

TEST_CASE("an acknowledgement up to a sequence leaves what is behind it") {
  acking make;
  auto testee = make.following(5);
  push(testee, {6, 7, 8});
  CHECK(testee.acknowledge_up_to(7) == 2);
  CHECK(unacked_of(testee) == seqs{8});
  CHECK(testee.acknowledge_up_to(0) == 0);
}

TEST_CASE("no more than so many messages wait for their acknowledgement") {
  acking make;
  const auto most = feed::max_unacked;
  auto testee = make.following(0);
  CHECK(push(testee, up_to(most)).size() == most);
  CHECK(push(testee, {most + 1}).empty());
  CHECK(testee.now_is() == mode::behind);
  // A few places are not worth a question.
  CHECK_FALSE(testee.next_pull());
  testee.acknowledge_up_to(most / 4 - 1);
  CHECK_FALSE(testee.next_pull());
  testee.acknowledge_up_to(most / 4);
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->limit == most / 4);
  CHECK(order->taken == seqs(lanes, most));
}

TEST_CASE("what is pulled goes out as the window lets it") {
  acking make;
  make.facts.batch_size = 300;
  auto testee = make.behind(0, 1200);
  testee.next_pull();
  testee.pulled(pulled(up_to(1000), 1000, false));
  CHECK(hand_out(testee).size() == feed::max_unacked);
  CHECK_FALSE(testee.next_pull());
  testee.acknowledge_up_to(1000);
  testee.next_pull();
  testee.pulled(pulled(up_to(1200, 1001), 1200, true));
  CHECK(hand_out(testee) == up_to(1200, 1001));
}

TEST_CASE("what is not acknowledged in time comes again with a higher count") {
  acking make;
  auto testee = make.following(5);
  push(testee, {6}, deadline{0s});
  push(testee, {7}, deadline{10s});
  CHECK(testee.due() == deadline{30s});
  CHECK_FALSE(testee.expire_acks(deadline{29s}, noon));
  CHECK(testee.expire_acks(deadline{30s}, noon));
  CHECK(testee.due() == deadline{40s});
  CHECK(unacked_of(testee) == seqs{6, 7});
  REQUIRE(testee.next_frame(noon) == 1);
  CHECK(testee.pending(0).message->seq() == 6);
  CHECK(testee.pending(0).count == 1);
  const auto before = counters().redeliveries.load();
  testee.handed_out(1, deadline{30s}, 10);
  CHECK(counters().redeliveries.load() == before + 1);
  CHECK(testee.state().unacked[0].count == 2);
  // It follows the topic all the while.
  CHECK(push(testee, {8}, deadline{30s}) == seqs{8});
  CHECK(testee.expire_acks(deadline{40s}, noon));
  CHECK(hand_out(testee, deadline{40s}) == seqs{7});
  CHECK(testee.expire_acks(deadline{60s}, noon));
  REQUIRE(testee.next_frame(noon) == 2);
  CHECK(testee.pending(0).count == 2);
  CHECK(testee.pending(1).count == 1);
}

TEST_CASE("what expires while it waits for its acknowledgement is not delivered again") {
  acking make;
  auto testee = make.following(5);
  push_batch batch;
  batch.add(short_lived(6, 30));
  batch.add(a_publication(7));
  REQUIRE(testee.accept(batch) == 0);
  for (const auto& each : batch.messages)
    hand_out_one(testee, each, deadline{0s}, 10);
  CHECK(testee.expire_acks(deadline{30s}, noon + 30s));
  CHECK(hand_out(testee) == seqs{7});
  CHECK(testee.about->counters.dropped == 1);
  CHECK(unacked_of(testee) == seqs{7});
}

TEST_CASE("nothing that was acknowledged makes a feed wake anybody for a delivery") {
  acking make;
  auto testee = make.following(5);
  push(testee, {6}, deadline{0s});
  testee.acknowledge(6);
  CHECK_FALSE(testee.expire_acks(deadline{30s}, noon));
  CHECK_FALSE(testee.has_pending());
  CHECK_FALSE(testee.due());
}

TEST_CASE("an acknowledgement that comes just too late spares the repetition") {
  acking make;
  auto testee = make.following(5);
  push(testee, {6, 7, 8}, deadline{0s});
  REQUIRE(testee.expire_acks(deadline{30s}, noon));
  // The wire was full, and they wait.
  CHECK(testee.find_unacked("m7") == 7U);
  CHECK(testee.acknowledge(7));
  CHECK_FALSE(testee.acknowledge(7));
  CHECK(unacked_of(testee) == seqs{6, 8});
  CHECK(testee.acknowledge_up_to(6) == 1);
  CHECK(hand_out(testee) == seqs{8});
}

TEST_CASE("an acknowledgement does not reach what was not delivered yet") {
  acking make;
  auto testee = make.behind(0, 3);
  testee.next_pull();
  testee.pulled(pulled({1, 2, 3}, 3, true));
  CHECK_FALSE(testee.find_unacked("m2"));
  CHECK_FALSE(testee.acknowledge(2));
  CHECK(testee.acknowledge_up_to(3) == 0);
  CHECK(hand_out(testee) == seqs{1, 2, 3});
}

TEST_CASE("an acknowledgement while older messages are fetched loses none of them") {
  acking make;
  std::vector<unacked_message> left;
  for (const auto seq : up_to(250))
    left.push_back({seq, 1});
  auto testee = make.behind(250, 250, left);
  const auto order = testee.next_pull();
  REQUIRE(order);
  REQUIRE(order->again == up_to(100));
  CHECK(testee.acknowledge_up_to(40) == 40);
  CHECK(unacked_of(testee) == up_to(250, 41));
  messages_pulled found;
  for (const auto seq : order->again)
    found.again.push_back(a_publication(seq));
  testee.pulled(std::move(found));
  CHECK(unacked_of(testee) == up_to(250, 41));
  CHECK(hand_out(testee) == up_to(100, 41));
  CHECK(testee.next_pull()->again == up_to(200, 101));
}

TEST_CASE("what an operator settles is neither delivered nor waited for") {
  acking make;
  auto testee = make.behind(0, 6);
  testee.next_pull();
  testee.pulled(pulled({1, 2, 3, 4}, 4, false));
  testee.handed_out(2, deadline{}, 10);
  settle_messages order;
  order.seqs = {2, 3};
  testee.settle(order);
  CHECK(unacked_of(testee) == seqs{1, 4});
  CHECK(testee.about->counters.unacked == 1);
  CHECK(hand_out(testee) == seqs{4});
  order.seqs.clear();
  order.up_to = 6;
  testee.settle(order);
  CHECK(unacked_of(testee).empty());
  CHECK(testee.state().taken == seqs(lanes, 6));
}

TEST_CASE("what is settled while the topic is asked stays settled") {
  acking make;
  auto testee = make.behind(0, 20);
  testee.next_pull();
  settle_messages order;
  order.up_to = 10;
  testee.settle(order);
  testee.pulled(pulled({1, 2, 3}, 3, false));
  CHECK_FALSE(testee.has_pending());
  CHECK(testee.state().taken == seqs(lanes, 10));
  CHECK(testee.next_pull()->taken == seqs(lanes, 10));
  testee.pulled(pulled({11, 12}, 20, true));
  CHECK(hand_out(testee) == seqs{11, 12});
}

TEST_CASE("what is settled while it is fetched does not come") {
  acking make;
  auto testee = make.behind(5, 5, {{1, 1}, {2, 1}, {3, 1}});
  const auto order = testee.next_pull();
  REQUIRE(order->again == seqs{1, 2, 3});
  settle_messages settled;
  settled.seqs = {2};
  testee.settle(settled);
  messages_pulled found;
  for (const auto seq : order->again)
    found.again.push_back(a_publication(seq));
  testee.pulled(std::move(found));
  CHECK(hand_out(testee) == seqs{1, 3});
  CHECK(unacked_of(testee) == seqs{1, 3});
}

TEST_CASE("settling is nothing to a feed that has nothing") {
  feed_maker make;
  auto testee = make.following(5);
  settle_messages order;
  order.up_to = 5;
  testee.settle(order);
  CHECK(push(testee, {6}) == seqs{6});
}

// A topic with a log, a feed, a client that acknowledges some: whatever happens, in the end every
// message was delivered and acknowledged, and the state never forgets one that was not.
TEST_CASE("no message is lost whatever happens to a feed that counts acknowledgements") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    std::mt19937 random{seed};
    const auto pick = [&](std::size_t below) { return random() % below; };
    acking make;
    make.facts.durable = true;
    make.facts.batch_size = 7;
    std::uint64_t last = 0;
    std::uint64_t pushed = 0;
    std::set<std::uint64_t> acked;
    std::map<std::uint64_t, std::uint32_t> delivered;
    deadline now{};
    feed testee{1, "/news"};
    std::optional<pull_messages> asked;
    bool joined = false;

    const auto rejoin = [&](subscription_state state) {
      auto told = make.joined({}, last);
      told.state = std::move(state);
      testee.begin(std::move(told));
      testee.topic = make.topic;
      joined = true;
    };
    const auto answer_pull = [&] {
      messages_pulled out;
      out.last_seq = last;
      out.taken = asked->taken;
      if (!asked->again.empty()) {
        for (const auto seq : asked->again)
          out.again.push_back(a_publication(seq));
      } else {
        const auto from = asked->taken[0];
        const auto to =
            std::min<std::uint64_t>(last, from + std::min<std::size_t>(asked->limit, 9));
        for (auto seq = from + 1; seq <= to; ++seq)
          out.messages.push_back(a_publication(seq));
        out.taken = seqs(lanes, std::max(from, to));
        out.caught_up = to >= last;
      }
      asked.reset();
      testee.pulled(std::move(out));
    };
    const auto advance = [&](bool all) {
      while (testee.has_pending() && (all || pick(4) != 0)) {
        const auto size = testee.next_frame(noon);
        if (size == 0)
          break;
        for (std::size_t i = 0; i < size; ++i) {
          const auto& next = testee.pending(i);
          auto& count = delivered[next.message->seq()];
          REQUIRE(next.count == count);
          ++count;
        }
        testee.handed_out(size, now, 10);
      }
      testee.shrink();
      if (!asked)
        asked = testee.next_pull();
    };
    const auto push_next = [&] {
      if (pushed == last)
        return;
      const auto to = std::min<std::uint64_t>(last, pushed + 1 + pick(5));
      for (const auto seq : push(testee, up_to(to, pushed + 1), now)) {
        auto& count = delivered[seq];
        REQUIRE(count == 0);
        ++count;
      }
      pushed = to;
      advance(false);
    };
    const auto check_state = [&] {
      if (!joined)
        return;
      const auto state = testee.state();
      std::set<std::uint64_t> waits;
      for (const auto& each : state.unacked) {
        REQUIRE(waits.insert(each.seq).second);
        REQUIRE(each.count == delivered[each.seq]);
      }
      for (std::uint64_t seq = 1; seq <= last; ++seq)
        REQUIRE((seq > state.taken[4] || waits.contains(seq)) == !acked.contains(seq));
    };

    for (int step = 0; step < 400; ++step) {
      now += std::chrono::milliseconds{pick(500)};
      switch (pick(12)) {
      case 0:
      case 1:
      case 2:
        last += pick(6);
        break;
      case 3:
      case 4:
        push_next();
        break;
      case 5:
        if (asked)
          answer_pull();
        break;
      case 6:
      case 7:
        if (joined)
          advance(false);
        break;
      case 8:
        for (const auto& [seq, count] : delivered)
          if (count > 0 && pick(3) == 0 && testee.acknowledge(seq))
            acked.insert(seq);
        break;
      case 9:
        if (!delivered.empty() && joined) {
          const auto at = 1 + pick(last + 1);
          testee.acknowledge_up_to(at);
          // All of them that were delivered.
          for (const auto& [seq, count] : delivered)
            if (seq <= at && count > 0)
              acked.insert(seq);
        }
        break;
      case 10:
        if (testee.expire_acks(now, noon))
          advance(false);
        break;
      default:
        if (!joined) {
          rejoin({});
        } else if (pick(3) == 0) {
          // Another topic, or another connection, takes over.
          auto state = testee.state();
          if (pick(2) == 0) {
            testee.lose_topic(now);
            testee.retrying();
          } else {
            testee = feed{1, "/news"};
          }
          asked.reset();
          pushed = last;
          rejoin(std::move(state));
          advance(false);
        }
      }
      check_state();
    }
    if (!joined)
      rejoin({});
    for (int i = 0; i < 2000 && acked.size() < last; ++i) {
      now += 31s;
      push_next();
      testee.expire_acks(now, noon);
      advance(true);
      if (asked)
        answer_pull();
      advance(true);
      for (const auto& [seq, count] : delivered)
        if (testee.acknowledge(seq))
          acked.insert(seq);
      check_state();
    }
    REQUIRE(acked.size() == last);
    REQUIRE(last > 100);
    REQUIRE(delivered.size() == last);
  }
}
