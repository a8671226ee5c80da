#include "tests/actors/one_topic.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A subscription that waits, and what is asked of it.
class one_queue : public one_topic {
public:
  std::string key = away("ext.1");

  /// Pulls to the end, as a connection that does nothing else.
  numbers pull_all(std::uint32_t limit = 500) {
    numbers out;
    numbers taken(lanes, 0);
    for (int i = 0; i < 1000; ++i) {
      const auto found = pull(key, taken, limit);
      const auto more = seqs(found->messages);
      CHECK(more.size() <= limit);
      out.insert(out.end(), more.begin(), more.end());
      taken = found->taken;
      if (found->caught_up)
        return out;
    }
    return {};
  }
  static message_query of(const std::string& sub_key) {
    message_query wanted;
    wanted.sub_key = sub_key;
    wanted.newest_first = false;
    return wanted;
  }
};

} // namespace

TEST_CASE_METHOD(one_queue, "messages are pulled by priority, then in order") {
  for (const int priority : {5, 9, 1, 5, 9})
    publish(of_priority(static_cast<std::uint8_t>(priority)));
  SECTION("from memory") {}
  SECTION("from the disk") {
    fail();
  }
  SECTION("from both") {
    fail();
    publish(of_priority(9));
    publish(of_priority(1));
    CHECK(pull_all() == numbers{2, 5, 6, 1, 4, 3, 7});
    CHECK(pull_all(1) == numbers{2, 5, 6, 1, 4, 3, 7});
    return;
  }
  CHECK(pull_all() == numbers{2, 5, 1, 4, 3});
  CHECK(pull_all(1) == numbers{2, 5, 1, 4, 3});
}

TEST_CASE_METHOD(one_queue, "what is too much for memory comes from the disk") {
  publish_many(2500);
  const auto all = pull_all();
  REQUIRE(all.size() == 2500);
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(all[i] == i + 1);
}

TEST_CASE_METHOD(one_queue, "large messages are pulled a few at a time") {
  for (int i = 0; i < 5; ++i)
    publish('"' + std::string(700'000, 'x') + '"');
  CHECK(pull(key)->messages.size() == 1);
  CHECK(pull_all() == numbers{1, 2, 3, 4, 5});
  fail();
  CHECK(pull_all() == numbers{1, 2, 3, 4, 5});
}

TEST_CASE_METHOD(one_queue, "expired, deleted and conflated messages are not pulled") {
  publish(for_seconds(10));
  publish(with_key("a"));
  const auto gone = publish()->msg_id;
  publish(with_key("a"));
  publish();
  erase({}, gone);
  SECTION("from memory") {}
  SECTION("from the disk") {
    fail();
  }
  CHECK(pull_all() == numbers{1, 4, 5});
  pass(10s);
  CHECK(pull_all() == numbers{4, 5});
}

TEST_CASE_METHOD(one_queue, "messages are pulled again, those that are still there") {
  const auto first_id = publish()->msg_id;
  publish(for_seconds(10));
  publish();
  publish();
  SECTION("from memory") {}
  SECTION("from the disk") {
    fail();
  }
  const auto found = pull(key, numbers(lanes, 3), 500, {1, 2, 3});
  CHECK(seqs(found->again) == numbers{1, 2, 3});
  CHECK(found->messages.empty());
  CHECK(found->taken == numbers(lanes, 3));
  erase({}, first_id);
  pass(10s);
  CHECK(seqs(pull(key, numbers(lanes, 3), 500, {1, 2, 3})->again) == numbers{3});
}

TEST_CASE_METHOD(one_queue, "a disk that cannot be read loses nothing") {
  publish_many(3);
  fail();
  disk->fail_read = true;
  CHECK(pull(key).error() == errc::unavailable);
  CHECK(take(key).error() == errc::unavailable);
  CHECK(query().error() == errc::unavailable);
  disk->fail_read = false;
  CHECK(depth(key) == 3);
  CHECK(seqs(take(key)->messages) == numbers{1, 2, 3});
  CHECK(pull_all() == numbers{1, 2, 3});
}

TEST_CASE_METHOD(one_queue, "what cannot be read at the moment is not taken for gone") {
  const auto id = publish()->msg_id;
  fail();
  disk->fail_read = true;
  CHECK(pull(key, numbers(lanes, 1), 500, {1}).error() == errc::unavailable);
  message_query wanted;
  wanted.msg_id = id;
  CHECK(query(wanted).error() == errc::unavailable);
  CHECK(erase({}, id).error() == errc::unavailable);
}

TEST_CASE_METHOD(one_queue, "a pull for one who has lost the subscription moves nothing") {
  publish_many(10);
  fail();
  // Of the first, on its way to the disk; then of the one that came after it, for less.
  const auto old =
      ask_later<messages_pulled>(testee, pull_messages{key, numbers(lanes, 0), 10, 1U << 20U, {}});
  const auto next =
      ask_later<messages_pulled>(testee, pull_messages{key, numbers(lanes, 0), 4, 1U << 20U, {}});
  settle();
  CHECK(seqs(old->messages).size() == 10);
  CHECK(seqs(next->messages) == numbers{1, 2, 3, 4});
  CHECK(next->taken[usual_priority - 1] == 4);
}

TEST_CASE_METHOD(one_queue, "one that begins in the future gets nothing before") {
  auto options = durable();
  options.from = {start_point::kind::sequence, 10, {}};
  const auto who = come();
  const auto joined = join(who, "ext.2", options);
  leave(who, joined->about->sub_key, joined->state);
  publish_many(5);
  CHECK(take(joined->about->sub_key)->messages.empty());
  CHECK(pull(joined->about->sub_key, numbers(lanes, 9))->caught_up);
  publish_many(5);
  CHECK(seqs(take(joined->about->sub_key)->messages) == numbers{10});
}

TEST_CASE_METHOD(one_queue, "messages that are taken are settled, and stored as such") {
  publish_many(5);
  CHECK(seqs(take(key, 2)->messages) == numbers{1, 2});
  CHECK(depth(key) == 3);
  SECTION("at once") {}
  SECTION("after a failure, from the disk") {
    fail();
  }
  const auto taken = take(key);
  CHECK(seqs(taken->messages) == numbers{3, 4, 5});
  CHECK(taken->delivery_counts == std::vector<std::uint32_t>{1, 1, 1});
  CHECK(depth(key) == 0);
  CHECK(take("zpsk.none").error() == errc::not_found);
}

TEST_CASE_METHOD(one_queue, "a queue that a connection has is not taken from") {
  publish();
  resume(come(), "ext.1", key);
  CHECK(take(key).error() == errc::conflict);
}

TEST_CASE_METHOD(one_queue, "what was handed out and not acknowledged is taken first") {
  const auto who = come();
  const auto own = join(who, "ext.2", durable(ack_mode::client))->about->sub_key;
  publish_many(4);
  auto state = taken_up_to(3);
  state.unacked = {{2, 1}, {3, 4}};
  leave(who, own, state);
  SECTION("from memory") {}
  SECTION("from the disk") {
    fail();
  }
  CHECK(depth(own) == 3);
  const auto some = take(own, 1);
  CHECK(seqs(some->messages) == numbers{2});
  CHECK(some->delivery_counts == std::vector<std::uint32_t>{2});
  CHECK(depth(own) == 2);
  numbers rest;
  std::vector<std::uint32_t> counts;
  for (int i = 0; i < 2; ++i) {
    const auto more = take(own);
    for (const auto seq : seqs(more->messages))
      rest.push_back(seq);
    counts.insert(counts.end(), more->delivery_counts.begin(), more->delivery_counts.end());
  }
  CHECK(rest == numbers{3, 4});
  CHECK(counts == std::vector<std::uint32_t>{5, 1});
  CHECK(depth(own) == 0);
}

TEST_CASE_METHOD(one_queue, "the log is looked through from both ends") {
  publish_many(5);
  message_query wanted;
  wanted.limit = 2;
  SECTION("from memory") {}
  SECTION("from the disk") {
    fail();
  }
  const auto newest = query(wanted);
  CHECK(seqs(newest->messages) == numbers{5, 4});
  CHECK(newest->total == 5);
  CHECK(newest->more);
  wanted.after_seq = newest->reached_seq;
  CHECK(seqs(query(wanted)->messages) == numbers{3, 2});
  wanted.after_seq = 2;
  CHECK(seqs(query(wanted)->messages) == numbers{1});
  CHECK(!query(wanted)->more);
  wanted.newest_first = false;
  CHECK(seqs(query(wanted)->messages) == numbers{3, 4});
  wanted.after_seq = 5;
  CHECK(query(wanted)->messages.empty());
  CHECK(!query(wanted)->more);
}

TEST_CASE_METHOD(one_queue, "a text is found wherever it is") {
  for (int i = 0; i < 3000; ++i)
    ask_later<published>(testee, message(i == 10 || i == 2990 ? "\"needle\"" : "\"hay\""));
  settle();
  message_query wanted;
  wanted.text = "needle";
  CHECK(seqs(query(wanted)->messages) == numbers{2991, 11});
  wanted.newest_first = false;
  wanted.limit = 1;
  const auto page = query(wanted);
  CHECK(seqs(page->messages) == numbers{11});
  wanted.after_seq = page->reached_seq;
  CHECK(seqs(query(wanted)->messages) == numbers{2991});
  wanted.text = "\"nothing\"";
  wanted.after_seq = 0;
  CHECK(query(wanted)->messages.empty());
  CHECK(!query(wanted)->more);
}

TEST_CASE_METHOD(one_queue, "a message is found by its id") {
  const auto id = publish()->msg_id;
  publish("2", "mine");
  SECTION("in memory") {}
  SECTION("on the disk") {
    fail();
  }
  message_query wanted;
  wanted.msg_id = id;
  CHECK(seqs(query(wanted)->messages) == numbers{1});
  wanted.msg_id = "mine";
  CHECK(seqs(query(wanted)->messages) == numbers{2});
  for (const auto* none : {"yours", "zpsm", "zpsm000000000000000000000001"}) {
    wanted.msg_id = none;
    CHECK(query(wanted)->messages.empty());
  }
}

TEST_CASE_METHOD(one_queue, "the queue of a subscription is what waits for it") {
  publish_many(3);
  take(key, 2);
  publish(of_priority(9));
  CHECK(seqs(query(of(key))->messages) == numbers{3, 4});
  CHECK(query(of(key))->total == 2);
  CHECK(query(of("zpsk.none")).error() == errc::not_found);
  const auto who = come();
  const auto other = join(who, "ext.2", durable(ack_mode::client))->about->sub_key;
  publish();
  auto state = taken_up_to(5);
  state.unacked = {{2, 1}};
  leave(who, other, state);
  publish();
  CHECK(seqs(query(of(other))->messages) == numbers{2, 6});
}

TEST_CASE_METHOD(one_queue, "a message is deleted for all") {
  const auto id = publish()->msg_id;
  publish();
  const auto who = come();
  join(who, "ext.2");
  SECTION("in memory") {}
  SECTION("on the disk") {
    fail();
    auto order = order_of(who, "ext.2");
    join(order);
  }
  CHECK(erase({}, id)->count == 1);
  CHECK(erase({}, id).error() == errc::not_found);
  CHECK(log().messages.size() == 1);
  CHECK(depth(key) == 1);
  CHECK(dropped(key) == 1);
  REQUIRE(!who->settled.empty());
  CHECK(who->settled.back().seqs == numbers{1});
  CHECK(pull_all() == numbers{2});
}

TEST_CASE_METHOD(one_queue, "what a disk does not delete is said") {
  const auto id = publish()->msg_id;
  disk->fail_commit = true;
  CHECK(erase({}, id).error() == errc::unavailable);
}

TEST_CASE_METHOD(one_queue, "the log is cleared") {
  const auto who = come();
  join(who, "ext.2");
  publish_many(3);
  CHECK(erase({}, {})->count == 3);
  CHECK(log().messages.empty());
  CHECK(depth(key) == 0);
  CHECK(describe("news")->gauges->messages == 0);
  REQUIRE(who->settled.size() == 1);
  CHECK(who->settled[0].up_to == 3);
  CHECK(publish()->seq == 4);
  CHECK(pull_all() == numbers{4});
}

TEST_CASE_METHOD(one_queue, "messages are taken out of one queue alone") {
  const auto other = away("ext.2");
  const auto id = publish()->msg_id;
  const auto next = publish()->msg_id;
  publish();
  CHECK(erase(key, next)->count == 1);
  CHECK(erase(key, next).error() == errc::not_found);
  CHECK(depth(key) == 2);
  CHECK(depth(other) == 3);
  SECTION("and stay out when the topic has failed") {
    fail();
  }
  SECTION("now") {}
  CHECK(seqs(take(key, 1)->messages) == numbers{1});
  CHECK(erase(key, id).error() == errc::not_found);
  CHECK(seqs(take(key)->messages) == numbers{3});
  CHECK(erase(other, {})->count == 3);
  CHECK(depth(other) == 0);
  CHECK(log().messages.size() == 3);
}

TEST_CASE_METHOD(one_queue, "a queue that a connection has is cleared there") {
  const auto who = come();
  resume(who, "ext.1", key);
  const auto id = publish()->msg_id;
  CHECK(erase(key, id).replied());
  REQUIRE(who->settled.size() == 1);
  CHECK(who->settled[0].seqs == numbers{1});
  CHECK(erase(key, {}).replied());
  REQUIRE(who->settled.size() == 2);
  CHECK(who->settled[1].up_to == 1);
}
