#include "messages/codec.hpp"
#include "tests/actors/one_topic.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// What is stored of a subscription.
stored_subscription stored(const fake_log& log, const std::string& key) {
  return *from_bytes<stored_subscription>(log.subscriptions.at(key));
}

subscription_options from(start_point::kind what, std::uint64_t seq = 0, timestamp at = {}) {
  subscription_options options;
  options.from = {what, seq, at};
  return options;
}

} // namespace

TEST_CASE_METHOD(one_topic, "a subscription begins where its client wants") {
  publish_many(3);
  pass(10s);
  const auto later = loop.wall_now();
  publish_many(3);
  const auto begins = [&](const subscription_options& options) {
    return join(come(), "ext.1", options)->state.taken;
  };
  CHECK(begins(from(start_point::kind::fresh)) == numbers(lanes, 6));
  CHECK(begins(from(start_point::kind::first)) == numbers(lanes, 0));
  CHECK(begins(from(start_point::kind::sequence, 4)) == numbers(lanes, 3));
  CHECK(begins(from(start_point::kind::sequence, 0)) == numbers(lanes, 0));
  CHECK(begins(from(start_point::kind::sequence, 100)) == numbers(lanes, 99));
  CHECK(begins(from(start_point::kind::time, 0, later)) == numbers(lanes, 3));
  CHECK(begins(from(start_point::kind::time, 0, later + 1h)) == numbers(lanes, 6));
  fail();
  CHECK(begins(from(start_point::kind::time, 0, later)) == numbers(lanes, 3));
  CHECK(join(come(), "ext.2", from(start_point::kind::sequence, 4))->depth == 3);
}

TEST_CASE_METHOD(one_topic, "a lasting subscription is there when it is on the disk") {
  const auto who = come();
  disk->fail_commit = true;
  CHECK(join(who, "ext.1", durable()).error() == errc::unavailable);
  CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
  disk->fail_commit = false;
  const auto joined = join(who, "ext.1", durable());
  CHECK(log().subscriptions.contains(joined->about->sub_key));
  CHECK(joined->about->sub_key.starts_with("zpsk.wsx.ext.1."));
  CHECK(topic_number_of(joined->about->sub_key) == rules->number);
}

TEST_CASE_METHOD(one_topic, "a passing subscription goes with its connection") {
  const auto who = come();
  const auto key = join(who, "ext.1")->about->sub_key;
  publish();
  leave(who, key);
  publish();
  CHECK(who->seqs() == numbers{1});
  CHECK(info(key).error() == errc::not_found);
  CHECK(resume(who, "ext.1", key).error() == errc::not_found);
}

TEST_CASE_METHOD(one_topic, "who leaves finds what has come meanwhile, after a restart too") {
  const auto who = come();
  const auto key = join(who, "ext.1", durable(ack_mode::client))->about->sub_key;
  publish_many(5);
  auto state = taken_up_to(5);
  state.unacked = {{3, 2}, {5, 1}};
  leave(who, key, state);
  publish_many(2);
  CHECK(depth(key) == 4);
  SECTION("at once") {}
  SECTION("after the topic has failed") {
    fail();
  }
  SECTION("after the server was started anew") {
    start_anew();
    find_testee();
  }
  const auto again = come();
  const auto joined = resume(again, "ext.1", key);
  CHECK(joined->about->sub_key == key);
  CHECK(joined->about->ack == ack_mode::client);
  CHECK(joined->depth == 4);
  CHECK(joined->last_seq == 7);
  CHECK(joined->state.taken == numbers(lanes, 5));
  REQUIRE(joined->state.unacked.size() == 2);
  CHECK(joined->state.unacked[0].seq == 3);
  CHECK(joined->state.unacked[0].count == 2);
  CHECK(stored(log(), key).detached_at_us == 0);
}

TEST_CASE_METHOD(one_topic, "a client that subscribes again gets its old subscription back") {
  const auto key = away("ext.1");
  CHECK(join(come(), "ext.1", durable())->about->sub_key == key);
  CHECK(join(come(), "ext.2", durable())->about->sub_key != key);
  const auto other = away("ext.3");
  // Whatever it asks for.
  CHECK(join(come(), "ext.3")->about->sub_key == other);
}

TEST_CASE_METHOD(one_topic, "a subscription is its client's alone") {
  const auto key = away("ext.1");
  CHECK(resume(come(), "ext.2", key).error() == errc::forbidden);
  auto order = order_of(come(), "ext.1");
  auto elsewhere = std::make_shared<arrival>(*order.from);
  elsewhere->channel = "other";
  order.from = elsewhere;
  order.sub_key = key;
  CHECK(join(order).error() == errc::forbidden);
  CHECK(resume(come(), "ext.1", make_sub_key("ext.1", rules->number)).error() == errc::not_found);
  CHECK(resume(come(), "ext.1", key).replied());
}

TEST_CASE_METHOD(one_topic, "another connection of the client takes over where the first is") {
  const auto one = come();
  const auto key = join(one, "ext.1", durable())->about->sub_key;
  publish_many(3);
  one->state = taken_up_to(2);
  one->state.unacked = {{1, 1}};
  const auto two = come();
  const auto joined = resume(two, "ext.1", key);
  CHECK(one->yielded == std::vector<std::uint32_t>{1});
  CHECK(joined->state.taken == numbers(lanes, 2));
  REQUIRE(joined->state.unacked.size() == 1);
  publish();
  CHECK(one->seqs() == numbers{1, 2, 3});
  CHECK(two->seqs() == numbers{4});
  // The first has no say any more.
  leave(one, key, taken_up_to(100));
  tell(testee, report_progress{key, 1, one->self, taken_up_to(100)});
  CHECK(info(key)->connection_id == "ws.ext.1");
  CHECK(stored(log(), key).state.taken == numbers(lanes, 2));
}

TEST_CASE_METHOD(one_topic, "of three who want a subscription at once the last has it") {
  const auto one = come();
  const auto key = join(one, "ext.1", durable())->about->sub_key;
  one->state = taken_up_to(0);
  std::vector<follower_ptr> all;
  std::vector<answer<topic_joined>> told;
  for (int i = 0; i < 3; ++i) {
    all.push_back(come());
    auto order = order_of(all.back(), "ext.1");
    order.sub_key = key;
    told.push_back(ask_later<topic_joined>(testee, order));
  }
  settle();
  for (const auto& each : told)
    CHECK(each.replied());
  publish();
  std::size_t have = 0;
  for (const auto& each : all)
    have += each->pushed.size();
  CHECK(have == 1);
  CHECK(one->pushed.empty());
  // Whoever was in between has given it away.
  CHECK(one->yielded.size() + all[0]->yielded.size() + all[1]->yielded.size()
            + all[2]->yielded.size()
        >= 3);
}

TEST_CASE_METHOD(one_topic, "a connection that is gone cannot hold a subscription back") {
  const auto one = come();
  const auto key = join(one, "ext.1", durable())->about->sub_key;
  SECTION("it knows nothing of it") {
    one->gives_way = false;
  }
  SECTION("it has ended") {
    exit(one->self, caf::exit_reason::kill);
  }
  CHECK(resume(come(), "ext.1", key).replied());
}

TEST_CASE_METHOD(one_topic,
                 "two connections that make a lasting subscription at once share nothing") {
  const auto one = come();
  const auto two = come();
  // A connection that has no answer yet has nothing to give away.
  one->gives_way = false;
  const auto first_told = ask_later<topic_joined>(testee, order_of(one, "ext.1", durable()));
  const auto then_told = ask_later<topic_joined>(testee, order_of(two, "ext.1", durable()));
  hand_over(2);
  for (const auto& next :
       {caf::actor_cast<caf::actor>(testee), caf::actor_cast<caf::actor>(testee),
        caf::actor_cast<caf::actor>(one->self), caf::actor_cast<caf::actor>(testee)}) {
    REQUIRE(scheduler.prioritize(next));
    scheduler.run_once();
  }
  // The disk has not answered the first.
  CHECK(first_told.pending());
  settle();
  CHECK(first_told.error() == errc::conflict);
  CHECK(then_told.replied());
  publish();
  CHECK(one->pushed.empty());
  CHECK(two->seqs() == numbers{1});
}

TEST_CASE_METHOD(one_topic, "who leaves before its join is through has left nothing behind") {
  const auto one = come();
  SECTION("a passing one") {
    ask_later<topic_joined>(testee, order_of(one, "ext.1"));
    hand_over(1);
    leave(one, {});
    CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
  }
  SECTION("one that waits for the disk to find its beginning") {
    publish();
    fail();
    const auto told = ask_later<topic_joined>(
        testee, order_of(one, "ext.1", from(start_point::kind::time, 0, loop.wall_now() - 1h)));
    hand_over(1);
    leave(one, {});
    CHECK(told.error() == errc::connection_closed);
    CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
  }
  SECTION("a lasting one") {
    ask_later<topic_joined>(testee, order_of(one, "ext.1", durable()));
    hand_over(1);
    leave(one, {});
    const auto all = ask<subscription_list>(testee, list_subscriptions{})->items;
    REQUIRE(all.size() == 1);
    CHECK(all[0].connection_id.empty());
    CHECK(stored(log(), all[0].about->sub_key).detached_at_us != 0);
  }
  SECTION("one that takes over") {
    const auto had = come();
    const auto key = join(had, "ext.1", durable())->about->sub_key;
    publish_many(3);
    had->state = taken_up_to(3);
    auto order = order_of(one, "ext.1");
    order.sub_key = key;
    const auto told = ask_later<topic_joined>(testee, order);
    hand_over(1);
    leave(one, {});
    CHECK(!told.pending());
    CHECK(info(key)->connection_id.empty());
    // And what the first had done is not forgotten.
    CHECK(stored(log(), key).state.taken == numbers(lanes, 3));
    CHECK(stored(log(), key).detached_at_us != 0);
  }
  publish();
  CHECK(one->pushed.empty());
}

TEST_CASE_METHOD(one_topic, "how far a lasting subscription is is stored while it is used") {
  const auto one = come();
  const auto key = join(one, "ext.1", durable())->about->sub_key;
  publish_many(3);
  tell(testee, report_progress{key, 1, one->self, taken_up_to(2)});
  CHECK(stored(log(), key).state.taken == numbers(lanes, 2));
  // Another cookie is another subscription.
  tell(testee, report_progress{key, 2, one->self, taken_up_to(3)});
  CHECK(stored(log(), key).state.taken == numbers(lanes, 2));
}

TEST_CASE_METHOD(one_topic, "a topic that fails tells its connections, who come back") {
  const auto one = come();
  const auto joined = *join(one, "ext.1");
  publish_many(3);
  tell(testee, drill{});
  CHECK(one->lost == std::vector<std::uint32_t>{1});
  find_testee();
  auto order = order_of(one, "ext.1");
  order.known = joined.about;
  order.state = taken_up_to(2);
  const auto again = join(order);
  CHECK(again->about == joined.about);
  CHECK(again->state.taken == numbers(lanes, 2));
  CHECK(again->last_seq == 3);
  publish();
  CHECK(one->seqs() == numbers{1, 2, 3, 4});
}

TEST_CASE_METHOD(one_topic, "what another connection has taken up meanwhile stays with that") {
  const auto one = come();
  const auto joined = *join(one, "ext.1", durable());
  fail();
  const auto two = come();
  REQUIRE(resume(two, "ext.1", joined.about->sub_key).replied());
  auto order = order_of(one, "ext.1");
  order.known = joined.about;
  const auto again = join(order);
  CHECK(again.error() == errc::conflict);
  publish();
  CHECK(one->pushed.empty());
  CHECK(two->seqs() == numbers{1});
}

TEST_CASE_METHOD(one_topic, "a subscription that nobody takes up in time ends") {
  rule(R"({"limit_sub_inactivity":600})");
  const auto key = away("ext.1");
  const auto who = come();
  const auto used = join(who, "ext.2", durable())->about->sub_key;
  pass(590s);
  CHECK(info(key).replied());
  SECTION("while the topic is awake") {}
  SECTION("while it sleeps") {
    leave(who, used, taken_up_to(0));
    pass(70s);
    const auto& gauges = *describe("news")->gauges;
    CHECK(gauges.subscriptions == 1);
    find_testee();
    CHECK(info(key).error() == errc::not_found);
    CHECK(log().subscriptions.size() == 1);
    return;
  }
  pass(20s);
  CHECK(info(key).error() == errc::not_found);
  CHECK(!log().subscriptions.contains(key));
  CHECK(info(used).replied());
}

TEST_CASE_METHOD(one_topic, "ending a subscription tells its connection and clears the disk") {
  const auto who = come();
  const auto key = join(who, "ext.1", durable())->about->sub_key;
  disk->fail_commit = true;
  CHECK(ask<done>(testee, end_subscription{key}).failed());
  disk->fail_commit = false;
  CHECK(who->ended == std::vector<std::uint32_t>{1});
  const auto other = away("ext.2");
  CHECK(ask<done>(testee, end_subscription{other}).replied());
  CHECK(!log().subscriptions.contains(other));
  CHECK(ask<done>(testee, end_subscription{other}).error() == errc::not_found);
}

TEST_CASE_METHOD(one_topic, "an idle topic retires and comes back as it was") {
  const auto key = away("ext.1");
  publish_many(3);
  pass(65s);
  CHECK(publish().failed());
  find_testee();
  CHECK(depth(key) == 3);
  CHECK(publish()->seq == 4);
}

TEST_CASE_METHOD(one_topic, "a topic is not idle while a connection is there") {
  const auto who = come();
  join(who, "ext.1");
  pass(120s);
  CHECK(publish().replied());
  CHECK(who->seqs() == numbers{1});
}

TEST_CASE_METHOD(one_topic, "who joins a topic that is just retiring is told") {
  pass(50s);
  const auto who = come();
  const auto told = ask_later<topic_joined>(testee, order_of(who, "ext.1"));
  hand_over(1);
  caf::anon_send(caf::actor_cast<caf::actor>(testee),
                 caf::exit_msg{testee.address(), caf::exit_reason::user_shutdown});
  settle();
  CHECK(told.replied());
  CHECK(who->lost == std::vector<std::uint32_t>{1});
}

TEST_CASE_METHOD(one_topic, "deleting the topic tells its connections") {
  const auto who = come();
  join(who, "ext.1");
  CHECK(edit("news", "").replied());
  CHECK(who->ended == std::vector<std::uint32_t>{1});
  CHECK(publish().failed());
}

TEST_CASE_METHOD(one_topic, "somebody who comes over HTTP has one lasting subscription") {
  const subscribe_remotely order{"demo", "user1", slow_consumer::close};
  disk->fail_commit = true;
  CHECK(ask<subscription_info>(testee, order).error() == errc::unavailable);
  disk->fail_commit = false;
  const auto told = ask<subscription_info>(testee, order);
  CHECK(told->about->durable);
  CHECK(ask<subscription_info>(testee, order)->about == told->about);
  CHECK(ask<subscription_info>(testee, find_subscription{{}, "demo", "user1"})->about
        == told->about);
  publish_many(3);
  CHECK(seqs(take(told->about->sub_key, 2)->messages) == numbers{1, 2});
  CHECK(seqs(take(told->about->sub_key)->messages) == numbers{3});
  CHECK(take(told->about->sub_key)->messages.empty());
}

TEST_CASE_METHOD(one_topic, "subscriptions are described as they are") {
  publish();
  pass(10s);
  const auto key = away("ext.1");
  publish("123");
  pass(5s);
  publish("4567");
  const auto about = *info(key);
  CHECK(about.depth == 2);
  CHECK(about.depth_bytes == 7);
  CHECK(about.last_seq == 3);
  CHECK(about.oldest_age == 5.0);
  CHECK(about.connection_id.empty());
  const auto who = come();
  const auto joined = resume(who, "ext.1", key);
  const auto now_about = *info(key);
  CHECK(now_about.connection_id == "ws.ext.1");
  CHECK(now_about.resumed_at == loop.wall_now());
  CHECK(now_about.depth == 2);
}
