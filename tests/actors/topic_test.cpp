#include "actors/topic.hpp"

#include "messages/metrics.hpp"
#include "tests/actors/one_topic.hpp"
#include "tests/catch.hpp"

#include <caf/send.hpp>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

TEST_CASE_METHOD(one_topic, "a publication is on the disk before it is answered for") {
  auto told = ask_later<published>(testee, message("{\"a\": 1}"));
  // The topic has it, the store does not.
  scheduler.run_once();
  scheduler.run_once();
  CHECK(told.pending());
  CHECK(log().messages.empty());
  settle();
  CHECK(told->seq == 1);
  CHECK(told->msg_id.size() == 28);
  CHECK(told->msg_id.starts_with("zpsm"));
  CHECK(log().messages.size() == 1);
  CHECK(publish()->seq == 2);
}

TEST_CASE_METHOD(one_topic,
                 "a disk that refuses has publications refused, and no sequence is lost") {
  publish();
  const auto key = away("ext.1");
  SECTION("to write") {
    disk->fail_put = true;
  }
  SECTION("to commit") {
    disk->fail_commit = true;
  }
  SECTION("to begin") {
    disk->fail_begin = true;
  }
  CHECK(publish("2", "mine").error() == errc::unavailable);
  CHECK(depth(key) == 0);
  disk->fail_put = disk->fail_commit = disk->fail_begin = false;
  // It was never there, so it is no repetition.
  CHECK(publish("2", "mine")->seq == 2);
  CHECK(depth(key) == 1);
  CHECK(log().messages.size() == 2);
}

TEST_CASE_METHOD(one_topic, "a topic that keeps nothing on the disk leaves nobody waiting") {
  rule(R"({"durable":false})");
  std::vector<answer<published>> told;
  // More than it takes at once.
  for (int i = 0; i < 2500; ++i)
    told.push_back(ask_later<published>(testee, message("1")));
  settle();
  for (std::size_t i = 0; i < told.size(); ++i)
    REQUIRE((!told[i].pending() && told[i]->seq == i + 1));
}

TEST_CASE_METHOD(one_topic, "publications that come together are written together, in order") {
  const auto before = disk->commits;
  publish_many(500);
  // All that is there when the topic gets its turn.
  CHECK(disk->commits - before == 1);
  REQUIRE(log().messages.size() == 500);
  std::size_t i = 0;
  for (const auto& [seq, record] : log().messages) {
    CHECK(seq == ++i);
    CHECK(record.body.find("\"" + std::to_string(i - 1) + "\"") != std::string::npos);
  }
}

TEST_CASE_METHOD(one_topic, "it looks for more publications as long as they come, up to a bound") {
  const auto before = disk->commits;
  const auto send = [this] { caf::anon_send(caf::actor_cast<caf::actor>(testee), message("1")); };
  send();
  send();
  scheduler.try_run_once();
  scheduler.try_run_once();
  // Each time it is about to write, another has come.
  int came = 2;
  while (disk->commits == before && came < 1000) {
    send();
    ++came;
    scheduler.try_run_once();
    scheduler.try_run_once();
  }
  CHECK(came > 8);
  CHECK(came < 20);
  settle();
  CHECK(log().messages.size() == static_cast<std::size_t>(came));
  CHECK(disk->commits - before <= 2);
}

TEST_CASE_METHOD(one_topic, "one look that finds no publication is not enough") {
  const auto before = disk->commits;
  caf::anon_send(caf::actor_cast<caf::actor>(testee), message("1"));
  // It is taken, and is to be looked for more.
  scheduler.try_run_once();
  // This one is behind the first look.
  caf::anon_send(caf::actor_cast<caf::actor>(testee), message("2"));
  settle();
  CHECK(log().messages.size() == 2);
  CHECK(disk->commits - before == 1);
}

TEST_CASE_METHOD(one_topic,
                 "many followers are fetched before their turn, one that has ended is not") {
  std::vector<follower_ptr> all;
  for (int i = 0; i < 600; ++i) {
    all.push_back(come());
    join(all.back(), "c" + std::to_string(i));
  }
  exit(all[300]->self);
  publish("1");
  int fetched = 0;
  for (const auto& each : all) {
    fetched += each->fetched;
    CHECK(each->pushed.size() == (each == all[300] ? 0 : 1));
  }
  CHECK(all[300]->fetched == 0);
  CHECK(fetched > 1000);
}

TEST_CASE_METHOD(one_topic, "a repetition gets the same answer and nothing is kept twice") {
  SECTION("after the first is through") {
    CHECK(publish("1", "mine")->seq == 1);
    CHECK(publish("2", "mine")->seq == 1);
  }
  SECTION("while the first is being written, or waits") {
    const auto other = ask_later<published>(testee, message("0"));
    const auto one = ask_later<published>(testee, message("1", "mine"));
    const auto two = ask_later<published>(testee, message("1", "mine"));
    settle();
    CHECK(one->seq == 2);
    CHECK(two->seq == 2);
    CHECK(two->msg_id == "mine");
  }
  SECTION("of one that the disk refuses") {
    disk->fail_commit = true;
    const auto one = ask_later<published>(testee, message("1", "mine"));
    const auto two = ask_later<published>(testee, message("1", "mine"));
    settle();
    CHECK(one.error() == errc::unavailable);
    CHECK(two.error() == errc::unavailable);
    disk->fail_commit = false;
    CHECK(publish("1", "mine")->seq == 1);
  }
  SECTION("across a failure of the topic") {
    publish("1", "mine");
    fail();
    CHECK(publish("1", "mine")->seq == 1);
  }
  std::size_t mine = 0;
  for (const auto& [seq, record] : log().messages)
    mine += record.own_id == "mine" ? 1 : 0;
  CHECK(mine == 1);
}

TEST_CASE_METHOD(one_topic, "a topic that fails leaves no publisher waiting") {
  std::vector<answer<published>> told;
  for (int i = 0; i < 3; ++i)
    told.push_back(ask_later<published>(testee, message("1", i == 0 ? "" : "mine")));
  const auto same = ask_later<published>(testee, message("1", "mine"));
  hand_over(4);
  caf::anon_send(caf::actor_cast<caf::actor>(testee), drill{});
  settle();
  for (const auto& each : told)
    CHECK(!each.pending());
  CHECK(!same.pending());
}

TEST_CASE_METHOD(one_topic, "publications are refused by the rules") {
  rule(R"({"max_message_bytes":1024})");
  CHECK(publish(std::string(1025, '1')).error() == errc::too_large);
  CHECK(publish(std::string(1024, '1')).replied());
  rule(R"({"is_active":false})");
  CHECK(publish().error() == errc::unavailable);
  rule(R"({"is_active":true})");
  CHECK(publish()->seq == 2);
}

TEST_CASE_METHOD(one_topic, "what nobody is subscribed to is kept, or dropped") {
  publish();
  rule(R"({"on_no_subscribers":"drop"})");
  const auto told = publish("2", "mine");
  CHECK(told->msg_id == "mine");
  CHECK(log().messages.size() == 1);
  away("ext.1");
  CHECK(publish()->seq == 2);
}

TEST_CASE_METHOD(one_topic, "who loses nothing holds publishers up when the queue is full") {
  rule(R"({"max_depth":10})");
  const auto key = away("ext.1");
  publish_many(10);
  CHECK(depth(key) == 10);
  CHECK(publish().error() == errc::unavailable);
  CHECK(log().messages.size() == 10);
  SECTION("until something is taken out") {
    take(key, 3);
    publish_many(5);
    CHECK(depth(key) == 10);
    CHECK(log().messages.size() == 13);
  }
  SECTION("until it has ended") {
    CHECK(ask<done>(testee, end_subscription{key}).replied());
    pass(1s);
    rule(R"({"max_depth":100})");
    CHECK(publish().replied());
    return;
  }
  SECTION("until more is allowed") {
    rule(R"({"max_depth":11})");
    CHECK(publish().replied());
    CHECK(publish().error() == errc::unavailable);
  }
  CHECK(dropped(key) == 0);
}

TEST_CASE_METHOD(one_topic, "the oldest go from a full queue where the channel says so") {
  rule(R"({"max_depth":10})");
  const auto key = away("ext.1", slow_consumer::drop_oldest);
  for (int i = 0; i < 15; ++i)
    publish();
  CHECK(depth(key) == 10);
  CHECK(dropped(key) == 5);
  CHECK(seqs(take(key)->messages) == numbers{6, 7, 8, 9, 10, 11, 12, 13, 14, 15});
  CHECK(log().messages.size() == 15);
}

TEST_CASE_METHOD(one_topic, "the newest do not come into a full queue where the channel says so") {
  rule(R"({"max_depth":10})");
  const auto key = away("ext.1", slow_consumer::drop_newest);
  publish_many(10);
  for (int i = 0; i < 5; ++i)
    publish();
  CHECK(depth(key) == 10);
  CHECK(dropped(key) == 5);
  CHECK(seqs(take(key)->messages) == numbers{1, 2, 3, 4, 5, 6, 7, 8, 9, 10});
  publish();
  CHECK(seqs(take(key)->messages) == numbers{16});
}

TEST_CASE_METHOD(one_topic, "what is dropped from a large queue is counted once") {
  rule(R"({"max_depth":640})");
  slow_consumer policy{};
  SECTION("the oldest") {
    policy = slow_consumer::drop_oldest;
  }
  SECTION("the newest") {
    policy = slow_consumer::drop_newest;
  }
  const auto key = away("ext.1", policy);
  for (int i = 0; i < 1000; ++i)
    publish();
  CHECK(depth(key) <= 640);
  CHECK(depth(key) >= 620);
  CHECK(depth(key) + dropped(key) >= 1000);
  CHECK(depth(key) + dropped(key) <= 1011);
}

TEST_CASE_METHOD(one_topic, "one that conflates keeps the newest of a full queue") {
  rule(R"({"max_depth":10,"conflate":false})");
  const auto key = away("ext.1", slow_consumer::conflate);
  for (int i = 0; i < 12; ++i)
    publish();
  CHECK(depth(key) == 10);
  CHECK(seqs(take(key)->messages).back() == 12);
  CHECK(dropped(key) == 2);
}

TEST_CASE_METHOD(one_topic, "of messages with one key only the newest is kept") {
  const auto key = away("ext.1");
  publish(with_key("a", "1"));
  publish(with_key("b", "2"));
  publish(with_key("a", "3"));
  publish();
  SECTION("at once") {}
  SECTION("in one append") {
    for (const auto* data : {"4", "5", "6"})
      ask_later<published>(testee, with_key("a", data));
    settle();
    CHECK(seqs(take(key)->messages) == numbers{2, 4, 7});
    CHECK(log().messages.size() == 3);
    return;
  }
  SECTION("across a failure") {
    fail();
    publish(with_key("b", "4"));
    CHECK(seqs(take(key)->messages) == numbers{3, 4, 5});
    CHECK(log().messages.size() == 3);
    return;
  }
  CHECK(dropped(key) == 1);
  CHECK(log().messages.size() == 3);
  CHECK(seqs(take(key)->messages) == numbers{2, 3, 4});
}

TEST_CASE_METHOD(one_topic, "keys mean nothing where the topic does not conflate") {
  rule(R"({"conflate":false})");
  publish(with_key("a"));
  publish(with_key("a"));
  CHECK(log().messages.size() == 2);
}

TEST_CASE_METHOD(one_topic, "what the disk refuses takes nobody's place") {
  publish(with_key("a"));
  disk->fail_commit = true;
  CHECK(publish(with_key("a")).failed());
  disk->fail_commit = false;
  CHECK(query()->messages.size() == 1);
  CHECK(log().messages.size() == 1);
}

TEST_CASE_METHOD(one_topic, "a log keeps as much as its rules say") {
  const auto key = away("ext.1");
  SECTION("messages") {
    rule(R"({"retention_count":100})");
    publish_many(250);
    CHECK(log().messages.size() <= 101);
    CHECK(log().messages.size() >= 100);
  }
  SECTION("bytes") {
    rule(R"({"retention_bytes":100000})");
    for (int i = 0; i < 250; ++i)
      ask_later<published>(testee, message(std::string(1000, '1')));
    settle();
    CHECK(log().messages.size() <= 101);
    CHECK(log().messages.size() >= 100);
  }
  SECTION("time") {
    rule(R"({"retention_age":60})");
    publish_many(150);
    pass(50s);
    publish_many(100);
    CHECK(log().messages.size() == 250);
    pass(20s);
    CHECK(log().messages.size() == 100);
  }
  const auto left = log().messages.size();
  CHECK(log().messages.rbegin()->first == 250);
  CHECK(describe("news")->gauges->messages.load() == left);
  CHECK(depth(key) == left);
  CHECK(dropped(key) == 250 - left);
}

TEST_CASE_METHOD(one_topic, "messages expire when their publisher says, and when the topic does") {
  rule(R"({"limit_message_expiry":100})");
  const auto key = away("ext.1");
  publish(for_seconds(10));
  publish(for_seconds(1000));
  publish();
  pass(11500ms);
  CHECK(depth(key) == 2);
  CHECK(log().messages.size() == 2);
  CHECK(dropped(key) == 1);
  pass(90s);
  // It has slept meanwhile.
  find_testee();
  CHECK(depth(key) == 0);
  CHECK(log().messages.empty());
  CHECK(take(key)->messages.empty());
  CHECK(publish()->seq == 4);
}

TEST_CASE_METHOD(one_topic, "a topic without a disk works and begins where it was") {
  rule(R"({"durable":false})");
  const auto who = come();
  join(who, "ext.1");
  publish_many(3);
  CHECK(who->seqs() == numbers{1, 2, 3});
  CHECK(log().messages.empty());
  CHECK(query()->messages.size() == 3);
  fail();
  CHECK(query()->messages.empty());
  CHECK(publish()->seq == 4);
}

TEST_CASE_METHOD(one_topic,
                 "all who follow get every message, in order, before it is answered for") {
  const auto one = come();
  const auto two = come();
  join(one, "ext.1");
  join(two, "ext.2", durable());
  publish_many(600);
  REQUIRE(one->pushed.size() == 600);
  for (std::size_t i = 0; i < 600; ++i) {
    CHECK(one->pushed[i]->seq() == i + 1);
    // Made once, shared by all.
    CHECK(one->pushed[i] == two->pushed[i]);
  }
  CHECK(describe("news")->gauges->deliveries.load() == 1200);
  CHECK(describe("news")->gauges->publications.load() == 600);
  CHECK(describe("news")->gauges->attached.load() == 2);
}

TEST_CASE_METHOD(one_topic, "publishers are told apart") {
  publish();
  auto other = message("2");
  other.publisher = "else";
  other.channel = "demo";
  publish(other);
  publish(other);
  const auto all = ask<publisher_list>(testee, list_publishers{})->items;
  REQUIRE(all.size() == 2);
  CHECK(all[0].name == "else");
  CHECK(all[0].channel == "demo");
  CHECK(all[0].messages == 2);
  CHECK(all[1].name == "somebody");
}
