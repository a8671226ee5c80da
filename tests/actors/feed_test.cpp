#include "actors/feed.hpp"

#include "messages/metrics.hpp"
#include "tests/actors/a_feed.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

using mode = feed::mode;

/// Sequence and count of what was not acknowledged.
using unacked = std::vector<std::pair<std::uint64_t, std::uint32_t>>;

unacked unacked_of(const feed& of) {
  unacked out;
  for (const auto& each : of.state().unacked)
    out.emplace_back(each.seq, each.count);
  return out;
}

} // namespace

TEST_CASE("a feed joins first, and follows when nothing waits") {
  feed_maker make;
  feed testee{7, "/news"};
  CHECK(testee.now_is() == mode::joining);
  CHECK(testee.topic_name() == "/news");
  CHECK_FALSE(testee.next_pull());
  CHECK_FALSE(testee.due());
  testee.begin(make.joined({}, 5));
  testee.topic = make.topic;
  CHECK(testee.now_is() == mode::following);
  CHECK(testee.cookie() == 7);
  CHECK_FALSE(testee.next_pull());
  CHECK(testee.state().taken == seqs(lanes, 5));
  CHECK(testee.about->counters.followed == 5);
}

TEST_CASE("a feed that is behind asks from its marks on") {
  feed_maker make;
  auto testee = make.behind(2, 5);
  CHECK(testee.now_is() == mode::behind);
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->taken == seqs(lanes, 2));
  CHECK(order->sub_key == "k1");
  CHECK(order->again.empty());
  // One question at a time.
  CHECK_FALSE(testee.next_pull());
  testee.pulled(pulled({3, 4, 5}, 5, true));
  CHECK(testee.now_is() == mode::following);
  CHECK(testee.has_pending());
  CHECK(hand_out(testee) == seqs{3, 4, 5});
  CHECK(testee.state().taken == seqs(lanes, 5));
  CHECK(testee.state().unacked.empty());
}

TEST_CASE("what is pending when a feed follows comes before the next push") {
  feed_maker make;
  auto testee = make.behind(2, 3);
  testee.next_pull();
  testee.pulled(pulled({3}, 3, true));
  // It is pushed too early, and asked for later.
  CHECK(push(testee, {4}).empty());
  CHECK(testee.now_is() == mode::behind);
  CHECK_FALSE(testee.next_pull());
  CHECK(hand_out(testee) == seqs{3});
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->taken == seqs(lanes, 3));
  testee.pulled(pulled({4}, 4, true));
  CHECK(hand_out(testee) == seqs{4});
  CHECK(push(testee, {5}) == seqs{5});
}

TEST_CASE("a push that comes before the topic's answer is not lost") {
  feed_maker make;
  feed testee{1, "/news"};
  CHECK(push(testee, {6, 7}).empty());
  testee.begin(make.joined({}, 5));
  testee.topic = make.topic;
  CHECK(testee.now_is() == mode::behind);
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->taken == seqs(lanes, 5));
  testee.pulled(pulled({6, 7}, 7, true));
  CHECK(testee.now_is() == mode::following);
  CHECK(hand_out(testee) == seqs{6, 7});
  CHECK(push(testee, {8}) == seqs{8});
}

TEST_CASE("a push that the topic's answer knows of already comes once") {
  feed_maker make;
  feed testee{1, "/news"};
  CHECK(push(testee, {4, 5}).empty());
  testee.begin(make.joined({}, 5));
  CHECK(testee.now_is() == mode::following);
  CHECK(push(testee, {5, 6}) == seqs{6});
}

TEST_CASE("what is pushed while the topic is asked goes out behind its answer") {
  feed_maker make;
  auto testee = make.behind(2, 3);
  REQUIRE(testee.next_pull());
  CHECK(push(testee, {3, 4}).empty());
  CHECK(push(testee, {5}).empty());
  testee.pulled(pulled({3}, 3, true));
  CHECK(testee.now_is() == mode::following);
  CHECK(hand_out(testee) == seqs{3, 4, 5});
  CHECK_FALSE(testee.next_pull());
  CHECK(push(testee, {5, 6}) == seqs{6});
}

TEST_CASE("a gap in what is pushed while the topic is asked makes a feed ask once more") {
  feed_maker make;
  auto testee = make.behind(2, 3);
  REQUIRE(testee.next_pull());
  CHECK(push(testee, {5}).empty());
  testee.pulled(pulled({3}, 3, true));
  CHECK(testee.now_is() == mode::behind);
  CHECK(hand_out(testee) == seqs{3});
  REQUIRE(testee.next_pull());
  testee.pulled(pulled({4, 5}, 5, true));
  CHECK(testee.now_is() == mode::following);
  CHECK(hand_out(testee) == seqs{4, 5});
}

TEST_CASE("a feed that follows takes each message once and leaves no gap") {
  feed_maker make;
  auto testee = make.following(5);
  CHECK(push(testee, {6, 7}) == seqs{6, 7});
  CHECK(push(testee, {6, 7}).empty());
  CHECK(push(testee, {7, 8}) == seqs{8});
  CHECK(testee.now_is() == mode::following);
  CHECK(push(testee, {10, 11}).empty());
  CHECK(testee.now_is() == mode::behind);
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->taken == seqs(lanes, 8));
  CHECK(testee.about->counters.followed == 0);
}

TEST_CASE("a feed that begins in the future lets all before go by") {
  feed_maker make;
  feed testee{1, "/news"};
  subscription_state state;
  state.take_all(9);
  auto joined = make.joined({}, 5);
  joined.state = state;
  testee.begin(std::move(joined));
  CHECK(testee.now_is() == mode::following);
  CHECK(push(testee, {6, 7}).empty());
  CHECK(push(testee, {8, 9, 10, 11}) == seqs{10, 11});
  CHECK(testee.state().taken == seqs(lanes, 11));
}

TEST_CASE("an expired message of a push is passed over and counted") {
  feed_maker make;
  auto testee = make.following(5);
  testee.pass_over(*short_lived(6, 0));
  CHECK(testee.about->counters.dropped == 1);
  CHECK(push(testee, {7}) == seqs{7});
  CHECK(testee.now_is() == mode::following);
}

TEST_CASE("what cannot be sent is asked for again from there on") {
  feed_maker make;
  auto testee = make.following(5);
  CHECK(testee.accept(batch_of({6, 7})) == 0);
  hand_out_one(testee, a_publication(6), deadline{}, 10);
  testee.fall_behind();
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->taken == seqs(lanes, 6));
}

TEST_CASE("a pull that failed is made again after a pause") {
  feed_maker make;
  auto testee = make.behind(2, 5);
  REQUIRE(testee.next_pull());
  testee.pull_failed(deadline{1s});
  CHECK(testee.due() == deadline{1s});
  CHECK_FALSE(testee.wants_retry(deadline{999ms}));
  CHECK(testee.wants_retry(deadline{1s}));
  testee.retrying();
  CHECK_FALSE(testee.due());
  CHECK(testee.next_pull()->taken == seqs(lanes, 2));
}

TEST_CASE("a frame holds as many messages as the client wants at once") {
  feed_maker make;
  make.facts.batch_size = 2;
  auto testee = make.behind(0, 3);
  testee.next_pull();
  testee.pulled(pulled({1, 2, 3}, 3, true));
  REQUIRE(testee.next_frame(noon) == 2);
  CHECK(testee.pending(1).message->seq() == 2);
  testee.handed_out(2, deadline{}, 10);
  CHECK(testee.next_frame(noon) == 1);
}

TEST_CASE("a frame holds no more bytes than it should, but always one message") {
  feed_maker make;
  auto testee = make.behind(0, 4);
  testee.next_pull();
  messages_pulled found = pulled({}, 4, true);
  found.messages = {long_one(1, 2 * feed::bytes_a_frame),
                    long_one(2, feed::bytes_a_frame / 2 - 400),
                    long_one(3, feed::bytes_a_frame / 2 - 400), a_publication(4)};
  testee.pulled(std::move(found));
  CHECK(testee.next_frame(noon) == 1);
  testee.handed_out(1, deadline{}, 10);
  CHECK(testee.next_frame(noon) == 2);
}

TEST_CASE("no frame has a message that has expired meanwhile") {
  feed_maker make;
  auto testee = make.behind(0, 5);
  testee.next_pull();
  messages_pulled found = pulled({}, 5, true);
  found.messages = {short_lived(1, 10), a_publication(2), short_lived(3, 10), a_publication(4),
                    short_lived(5, 10)};
  testee.pulled(std::move(found));
  seqs out;
  while (const auto size = testee.next_frame(noon + 10s)) {
    for (std::size_t i = 0; i < size; ++i)
      out.push_back(testee.pending(i).message->seq());
    testee.handed_out(size, deadline{}, 10);
  }
  CHECK(out == seqs{2, 4});
  CHECK_FALSE(testee.has_pending());
  CHECK(testee.about->counters.dropped == 3);
}

TEST_CASE("a feed without acknowledgements takes everything as settled at once") {
  feed_maker make;
  auto testee = make.following(5);
  push(testee, {6, 7});
  CHECK(testee.about->counters.delivered == 2);
  CHECK(testee.about->counters.delivered_seq == 7);
  CHECK(testee.about->counters.acked_seq == 7);
  CHECK_FALSE(testee.is_unacked(7));
  CHECK_FALSE(testee.acknowledge(7));
  CHECK(testee.acknowledge_up_to(7) == 0);
  CHECK(testee.state().unacked.empty());
  CHECK_FALSE(testee.due());
  CHECK_FALSE(testee.lossless());
}

// ---- a subscription that lasts ----

TEST_CASE("what may still be in the wire is not settled") {
  feed_maker make;
  make.facts.durable = true;
  auto testee = make.following(0);
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    REQUIRE(testee.accept(batch_of({seq})) == 0);
    hand_out_one(testee, a_publication(seq), deadline{}, 100);
  }
  CHECK(unacked_of(testee) == unacked{{1, 1}, {2, 1}, {3, 1}});
  CHECK(testee.about->counters.acked_seq == 0);
  testee.flushed(250);
  CHECK(unacked_of(testee) == unacked{{1, 1}, {2, 1}, {3, 1}});
  testee.flushed(200);
  CHECK(unacked_of(testee) == unacked{{2, 1}, {3, 1}});
  CHECK(testee.about->counters.acked_seq == 1);
  testee.flushed(1);
  CHECK(unacked_of(testee) == unacked{{3, 1}});
  testee.flushed(0);
  CHECK(unacked_of(testee).empty());
  CHECK(testee.about->counters.acked_seq == 3);
  testee.flushed(0);
}

TEST_CASE("a frame of several messages is in the wire as a whole") {
  feed_maker make;
  make.facts.durable = true;
  auto testee = make.behind(0, 5);
  testee.next_pull();
  testee.pulled(pulled({1, 2, 3, 4, 5}, 5, true));
  testee.handed_out(3, deadline{}, 300);
  testee.handed_out(2, deadline{}, 200);
  testee.flushed(201);
  CHECK(unacked_of(testee).size() == 5);
  testee.flushed(200);
  CHECK(unacked_of(testee) == unacked{{4, 1}, {5, 1}});
  testee.flushed(0);
  CHECK(unacked_of(testee).empty());
}

TEST_CASE("a lasting feed reports some time after the first change") {
  feed_maker make;
  make.facts.durable = true;
  auto testee = make.following(0);
  CHECK_FALSE(testee.due());
  testee.accept(batch_of({1}));
  hand_out_one(testee, a_publication(1), deadline{1s}, 10);
  const auto due = deadline{1s} + feed::report_interval;
  CHECK(testee.due() == due);
  testee.note_change(deadline{1200ms});
  CHECK(testee.due() == due);
  CHECK_FALSE(testee.wants_report(due - 1ms));
  CHECK(testee.wants_report(due));
  testee.reported();
  CHECK_FALSE(testee.due());
}

TEST_CASE("what was pulled and not handed out is in the state for the next connection") {
  feed_maker make;
  make.facts.durable = true;
  auto testee = make.behind(0, 9);
  testee.next_pull();
  testee.pulled(pulled({1, 2, 3}, 3, false));
  testee.handed_out(1, deadline{}, 100);
  CHECK(testee.state().taken == seqs(lanes, 3));
  CHECK(unacked_of(testee) == unacked{{1, 1}, {2, 0}, {3, 0}});
}

TEST_CASE("a connection gets what an earlier one left, with its counts") {
  feed_maker make;
  make.facts.durable = true;
  auto testee = make.behind(3, 3, {{1, 1}, {2, 0}, {3, 2}});
  CHECK(testee.now_is() == mode::behind);
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->again == seqs{1, 2, 3});
  CHECK(unacked_of(testee) == unacked{{1, 1}, {2, 0}, {3, 2}});
  messages_pulled found;
  // The second one is gone.
  found.again = {a_publication(1), a_publication(3)};
  const auto before = counters().redeliveries.load();
  testee.pulled(std::move(found));
  REQUIRE(testee.next_frame(noon) == 2);
  CHECK(testee.pending(0).count == 1);
  CHECK(testee.pending(1).count == 2);
  testee.handed_out(2, deadline{}, 100);
  CHECK(counters().redeliveries.load() == before + 2);
  CHECK(unacked_of(testee) == unacked{{1, 2}, {3, 3}});
  // And then what is new.
  const auto next = testee.next_pull();
  REQUIRE(next);
  CHECK(next->again.empty());
  testee.pulled(pulled({}, 3, true));
  CHECK(testee.now_is() == mode::following);
}

TEST_CASE("what an earlier connection left is fetched some at a time, and none is lost") {
  feed_maker make;
  make.facts.durable = true;
  std::vector<unacked_message> left;
  for (std::uint64_t seq = 1; seq <= 250; ++seq)
    left.push_back({seq, 1});
  auto testee = make.behind(250, 250, left);
  seqs out;
  while (auto order = testee.next_pull()) {
    messages_pulled found;
    for (const auto seq : order->again)
      found.again.push_back(a_publication(seq));
    found.taken = order->taken;
    found.caught_up = order->again.empty();
    found.last_seq = 250;
    testee.pulled(std::move(found));
    REQUIRE(testee.state().unacked.size() == 250);
    for (const auto seq : hand_out(testee))
      out.push_back(seq);
  }
  seqs expected;
  for (std::uint64_t seq = 1; seq <= 250; ++seq)
    expected.push_back(seq);
  CHECK(out == expected);
  CHECK(testee.now_is() == mode::following);
}

// ---- a topic that fails ----

TEST_CASE("a feed that loses its topic keeps what it has and joins the next one") {
  feed_maker make;
  make.facts.ack = ack_mode::client;
  auto testee = make.following(5);
  push(testee, {6, 7});
  testee.acknowledge(6);
  testee.lose_topic(deadline{1s});
  CHECK(testee.now_is() == mode::joining);
  CHECK_FALSE(testee.next_pull());
  CHECK(testee.wants_retry(deadline{1s}));
  CHECK(testee.state().taken == seqs(lanes, 7));
  CHECK(unacked_of(testee) == unacked{{7, 1}});
  CHECK(testee.is_unacked(7));
  auto joined = make.joined({}, 8);
  joined.state = testee.state();
  testee.begin(std::move(joined));
  testee.topic = make.topic;
  CHECK(testee.now_is() == mode::behind);
  // It is still with the client, and not fetched a second time.
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->again.empty());
  CHECK(order->taken == seqs(lanes, 7));
  CHECK(unacked_of(testee) == unacked{{7, 1}});
  CHECK(testee.acknowledge(7));
  testee.pulled(pulled({8}, 8, true));
  CHECK(hand_out(testee) == seqs{8});
  CHECK(testee.now_is() == mode::following);
}

TEST_CASE("a feed that loses its topic while it asks takes no late answer") {
  feed_maker make;
  auto testee = make.behind(2, 5);
  REQUIRE(testee.next_pull());
  testee.lose_topic(deadline{1s});
  testee.pulled(pulled({3, 4, 5}, 5, true));
  CHECK(testee.now_is() == mode::joining);
  CHECK_FALSE(testee.has_pending());
  auto joined = make.joined({}, 5);
  joined.state = testee.state();
  testee.begin(std::move(joined));
  testee.topic = make.topic;
  CHECK(testee.next_pull()->taken == seqs(lanes, 2));
}

TEST_CASE("a feed that loses its topic while it fetches does so again") {
  feed_maker make;
  make.facts.durable = true;
  auto testee = make.behind(3, 3, {{1, 1}, {2, 1}});
  REQUIRE(testee.next_pull());
  testee.lose_topic(deadline{1s});
  CHECK(unacked_of(testee) == unacked{{1, 1}, {2, 1}});
  auto joined = make.joined({}, 3);
  joined.state = testee.state();
  testee.begin(std::move(joined));
  testee.topic = make.topic;
  const auto order = testee.next_pull();
  REQUIRE(order);
  CHECK(order->again == seqs{1, 2});
  CHECK(unacked_of(testee) == unacked{{1, 1}, {2, 1}});
}

TEST_CASE("those who wait for a topic get one answer") {
  feed_maker make;
  feed testee{1, "/news"};
  std::vector<std::uint64_t> depths;
  std::size_t failures = 0;
  const auto asker = [&](const caf::expected<subscribed>& told) {
    if (told)
      depths.push_back(told->current_depth);
    else
      ++failures;
  };
  testee.await_topic(asker);
  testee.await_topic(asker);
  testee.begin(make.joined({}, 5));
  testee.answer_askers(subscribed{"/news", "k1", 3});
  CHECK(depths == seqs{3, 3});
  testee.answer_askers(make_error(errc::connection_closed));
  CHECK(failures == 0);
  testee.shrink();
  CHECK(testee.topic_name() == "/news");
  testee.answer_askers(make_error(errc::connection_closed));
  CHECK(failures == 0);
}
