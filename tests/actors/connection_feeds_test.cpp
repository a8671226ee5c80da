#include "tests/actors/one_subscriber.hpp"
#include "tests/catch.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <functional>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

constexpr auto client_acks = ack_mode::client;

class dropping_subscriber : public one_subscriber {
public:
  dropping_subscriber() : one_subscriber{with_topics(slow_consumer::drop_oldest)} {}
};

class logged_subscriber : public one_subscriber {
public:
  static channel_definition rules_with_log() {
    auto made = with_topics();
    made.message_log.messages = 100;
    return made;
  }
  logged_subscriber() : one_subscriber{rules_with_log()} {}
};

/// While it subscribes, something else comes in between.
class interrupted_subscriber : public one_subscriber {
public:
  static constexpr std::size_t steps = 16;

  /// Interrupts each step of a subscription's making, which gets an answer all the same. How many
  /// subscriptions there are in the end: they work.
  std::size_t
  at_each_step(const std::function<void(const std::string&, const topic_actor&)>& interrupt) {
    std::size_t joined = 0;
    for (std::size_t step = 0; step < steps; ++step) {
      const auto name = "news" + std::to_string(step);
      make_topic(R"({"name":")" + name + R"("})");
      const auto to = topic(name);
      const auto told =
          ask_later<subscribed>(testee, muster::subscribe{name, options(true), false});
      for (std::size_t i = 0; i < step; ++i)
        scheduler.try_run_once();
      interrupt(name, to);
      // Topics may not fail too often.
      pass(2s);
      CHECK(!told.pending());
      const auto there = ask<subscription_list>(testee, list_subscriptions{})->items;
      const bool works = std::any_of(there.begin(), there.end(), [&](const auto& each) {
        return each.about->topic_name == name;
      });
      wire->texts.clear();
      muster::publish what;
      what.data = "1";
      ask<published>(topic(name), what).reply();
      CHECK(seqs().size() == (works ? 1 : 0));
      heard += seqs().size();
      joined += works ? 1 : 0;
    }
    CHECK(fatal.empty());
    return joined;
  }

  std::size_t heard = 0;
};

} // namespace

TEST_CASE_METHOD(one_subscriber, "a client gets what is published, one by one") {
  const auto told = subscribe();
  CHECK(told->topic_name == "news");
  CHECK(told->current_depth == 0);
  publish("{\"a\" : 1}");
  publish("[2]");
  CHECK(delivered(*wire) == std::vector<delivery>{{1, 1, "{\"a\" : 1}"}, {2, 1, "[2]"}});
  std::string msg_id;
  json_string(find_member(find_member(wire->texts.back(), "data"), "msg_id"), msg_id);
  CHECK(meta("id") == msg_id);
  CHECK(wire->texts.back().find(told->sub_key) != std::string::npos);
}

TEST_CASE_METHOD(one_subscriber, "what comes together goes out together, as the client wants it") {
  auto wanted = options(false);
  wanted.batch_size = 3;
  wanted.wrap_one = true;
  subscribe(wanted);
  publish_many(10);
  CHECK(seqs() == up_to(10));
  std::vector<std::size_t> frames;
  delivered(*wire, &frames);
  for (const auto size : frames)
    CHECK(size <= 3);
  CHECK(frames.size() < 10);
  CHECK(find_member(wire->texts.front(), "data").starts_with('['));
}

TEST_CASE_METHOD(one_subscriber, "only who has a session, and the permission, may subscribe") {
  CHECK(subscribe({}, "secret").error() == errc::forbidden);
  CHECK(subscribe({}, "news2").error() == errc::not_found);
  const auto stranger = connect();
  CHECK(subscribe(stranger, {}).error() == errc::no_session);
  // An administrator needs no permission of the channel.
  make_topic(R"({"name":"secret"})");
  CHECK(ask<subscribed>(testee, muster::subscribe{"secret", {}, true}).replied());
}

TEST_CASE_METHOD(one_subscriber, "subscribing twice is subscribing once") {
  const auto one = ask_later<subscribed>(testee, muster::subscribe{"news", {}, false});
  const auto two = ask_later<subscribed>(testee, muster::subscribe{"news", {}, false});
  settle();
  CHECK(one->sub_key == two->sub_key);
  CHECK(subscribe()->sub_key == one->sub_key);
  publish();
  CHECK(seqs() == up_to(1));
}

TEST_CASE_METHOD(one_subscriber, "unsubscribing ends it") {
  const auto key = subscribe(options(true))->sub_key;
  SECTION("by topic") {
    CHECK(ask<done>(testee, unsubscribe{"news", {}}).replied());
  }
  SECTION("by key") {
    CHECK(ask<done>(testee, unsubscribe{{}, key}).replied());
  }
  SECTION("from another connection of the client") {
    const auto [other, its_wire] = come("ext.1");
    CHECK(ask<done>(other, unsubscribe{{}, key}).replied());
  }
  publish();
  CHECK(seqs().empty());
  CHECK(info(key).error() == errc::not_found);
  CHECK(ask<done>(testee, unsubscribe{{}, key}).error() == errc::not_found);
  CHECK(ask<done>(testee, unsubscribe{{}, "zpsk.none"}).error() == errc::not_found);
}

TEST_CASE_METHOD(one_subscriber, "nobody gets at another client's subscription") {
  const auto key = subscribe(options(true))->sub_key;
  const auto [other, its_wire] = come("ext.2");
  CHECK(ask<done>(other, unsubscribe{{}, key}).error() == errc::forbidden);
  CHECK(ask<subscribed>(other, resume_subscription{key}).error() == errc::forbidden);
  CHECK(ask<done>(other, acknowledge{key, "x", {}}).error() == errc::forbidden);
  publish();
  CHECK(seqs() == up_to(1));
}

TEST_CASE_METHOD(interrupted_subscriber, "messages are deleted while a client joins") {
  CHECK(at_each_step([](const std::string&, const topic_actor& to) {
          caf::anon_send(caf::actor_cast<caf::actor>(to), delete_messages{});
        })
        == steps);
}

TEST_CASE_METHOD(interrupted_subscriber, "a client gives a subscription up that it is making") {
  at_each_step([this](const std::string& name, const topic_actor&) {
    caf::anon_send(caf::actor_cast<caf::actor>(testee), unsubscribe{name, {}});
  });
}

TEST_CASE_METHOD(interrupted_subscriber, "a topic fails while a client joins") {
  CHECK(at_each_step([](const std::string&, const topic_actor& to) {
          caf::anon_send(caf::actor_cast<caf::actor>(to), drill{});
        })
        > 0);
}

TEST_CASE_METHOD(interrupted_subscriber, "another connection takes what is being made") {
  const auto [other, its_wire] = come("ext.1");
  at_each_step([who = other](const std::string& name, const topic_actor&) {
    caf::anon_send(caf::actor_cast<caf::actor>(who), muster::subscribe{name, options(true), false});
  });
  // Each topic's message went to one of the two.
  CHECK(heard + seqs(*its_wire).size() == steps);
}

TEST_CASE_METHOD(one_subscriber, "an edit of the channel takes rights away at once") {
  subscribe();
  const auto key = subscribe(options(true))->sub_key;
  auto next = *rules;
  next.permissions = "pub=news";
  tell(testee_channel, revise_channel{std::make_shared<const channel_definition>(std::move(next))});
  publish();
  CHECK(seqs().empty());
  CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
}

TEST_CASE_METHOD(one_subscriber, "a delivery that is not acknowledged comes again") {
  subscribe(options(false, client_acks));
  publish();
  pass(29s);
  CHECK(seqs() == up_to(1));
  pass(2s);
  CHECK(delivered(*wire) == std::vector<delivery>{{1, 1, "1"}, {1, 2, "1"}});
  SECTION("until the client answers") {
    confirm(meta("id"));
  }
  SECTION("until it is acknowledged by its id") {
    const auto key = ask<subscription_list>(testee, list_subscriptions{})->items[0].about->sub_key;
    CHECK(ask<done>(testee, acknowledge{key, meta("id"), {}}).replied());
  }
  SECTION("until it is acknowledged by its sequence") {
    const auto key = ask<subscription_list>(testee, list_subscriptions{})->items[0].about->sub_key;
    CHECK(ask<done>(testee, acknowledge{key, {}, 1}).replied());
  }
  pass(100s);
  CHECK(delivered(*wire).size() == 2);
}

TEST_CASE_METHOD(one_subscriber, "an answer to a list acknowledges all of it") {
  subscribe(options(false, client_acks));
  publish_many(10);
  for (const auto& text : std::vector<std::string>{wire->texts}) {
    std::string id;
    json_string(find_member(find_member(text, "meta"), "id"), id);
    confirm(id);
  }
  wire->texts.clear();
  pass(60s);
  CHECK(seqs().empty());
}

TEST_CASE_METHOD(one_subscriber, "one who acknowledges nothing does not get more and more") {
  const auto key = subscribe(options(false, client_acks))->sub_key;
  publish_many(1500);
  const auto first_ones = seqs().size();
  CHECK(seqs() == up_to(first_ones));
  CHECK(first_ones <= feed::max_unacked);
  CHECK(first_ones >= feed::max_unacked / 2);
  CHECK(info(key)->depth == 1500);
  ask<done>(testee, acknowledge{key, {}, 600});
  CHECK(seqs() == up_to(1500));
  ask<done>(testee, acknowledge{key, {}, 1500});
  wire->texts.clear();
  publish();
  CHECK(seqs() == numbers{1501});
}

TEST_CASE_METHOD(one_subscriber,
                 "what waits for a slow client that loses nothing waits in the topic") {
  const auto key = subscribe(options(true))->sub_key;
  wire->full = true;
  publish_many(50);
  CHECK(seqs().empty());
  CHECK(info(key)->depth == 50);
  pass(8s);
  CHECK(wire->closes.empty());
  drain();
  CHECK(seqs() == up_to(50));
  CHECK(info(key)->depth == 0);
  pass(30s);
  CHECK(wire->closes.empty());
  publish();
  CHECK(seqs() == up_to(51));
}

TEST_CASE_METHOD(one_subscriber, "a stalled client is closed, and goes on where it was") {
  const auto key = subscribe(options(true))->sub_key;
  publish();
  wire->full = true;
  publish_many(5);
  pass(9s);
  CHECK(wire->closes.empty());
  pass(2s);
  REQUIRE(wire->closes.size() == 1);
  CHECK(wire->closes[0].first == 4008);
  peer_closes(testee, 4008);
  const auto [again, its_wire] = come("ext.1");
  CHECK(ask<subscribed>(again, resume_subscription{key})->current_depth == 5);
  CHECK(seqs(*its_wire) == up_to(6, 2));
}

TEST_CASE_METHOD(dropping_subscriber, "a stalled client is not closed where the channel drops") {
  subscribe(options(true));
  wire->full = true;
  publish_many(5);
  pass(60s);
  CHECK(wire->closes.empty());
  drain();
  CHECK(seqs() == up_to(5));
}

TEST_CASE_METHOD(one_subscriber, "too much for a client that may lose something closes it") {
  subscribe();
  wire->full = true;
  publish_many(30, '"' + std::string(1000, 'x') + '"');
  CHECK(wire->closes.empty());
  publish_many(60, '"' + std::string(1000, 'x') + '"');
  REQUIRE(wire->closes.size() == 1);
  CHECK(wire->closes[0].first == 4008);
}

TEST_CASE_METHOD(dropping_subscriber, "too much for a client is dropped as the channel says") {
  const auto key = subscribe()->sub_key;
  wire->full = true;
  publish_many(200, '"' + std::string(1000, 'x') + '"');
  CHECK(wire->closes.empty());
  drain();
  const auto got = seqs();
  REQUIRE(!got.empty());
  CHECK(got == up_to(200, got.front()));
  CHECK(got.size() < 100);
  CHECK(info(key)->about->counters.dropped.load() == 200 - got.size());
}

TEST_CASE_METHOD(one_subscriber, "the past is replayed no faster than the client reads") {
  publish_many(300, '"' + std::string(1000, 'x') + '"');
  wire->full = true;
  auto wanted = options(false);
  wanted.from.what = start_point::kind::first;
  subscribe(wanted);
  CHECK(wire->closes.empty());
  drain();
  CHECK(seqs() == up_to(300));
}

TEST_CASE_METHOD(one_subscriber,
                 "a client that comes back gets the rest, and what may be lost again") {
  const auto key = subscribe(options(true, client_acks))->sub_key;
  publish_many(3);
  ask<done>(testee, acknowledge{key, {}, 2});
  SECTION("when the connection has gone") {
    peer_closes(testee);
  }
  SECTION("when the connection has failed") {
    tell(testee, drill{});
  }
  publish();
  const auto [again, its_wire] = come("ext.1");
  const auto told = ask<subscribed>(again, resume_subscription{key});
  CHECK(told->sub_key == key);
  CHECK(told->current_depth == 2);
  CHECK(delivered(*its_wire) == std::vector<delivery>{{3, 2, "1"}, {4, 1, "1"}});
}

TEST_CASE_METHOD(one_subscriber, "what the kernel has not taken comes again") {
  const auto key = subscribe(options(true))->sub_key;
  publish_many(3, "\"0123456789\"");
  publish();
  // Of the last frame, something is still with us.
  wire->queued = 5;
  peer_closes(testee);
  const auto [again, its_wire] = come("ext.1");
  ask<subscribed>(again, resume_subscription{key}).reply();
  CHECK(delivered(*its_wire) == std::vector<delivery>{{4, 2, "1"}});
}

TEST_CASE_METHOD(one_subscriber, "another connection of the client takes over without a gap") {
  const auto key = subscribe(options(true))->sub_key;
  publish_many(3);
  const auto [again, its_wire] = come("ext.1");
  ask<subscribed>(again, resume_subscription{key}).reply();
  publish_many(3);
  CHECK(seqs() == up_to(3));
  CHECK(seqs(*its_wire) == up_to(6, 4));
  CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
}

TEST_CASE_METHOD(one_subscriber, "nothing is lost and nothing comes twice when the topic fails") {
  subscription_options wanted;
  SECTION("for one that follows") {}
  SECTION("for one that lasts") {
    wanted = options(true);
  }
  SECTION("for one that acknowledges") {
    wanted = options(true, client_acks);
  }
  subscribe(wanted);
  publish_many(10);
  tell(topic(), drill{});
  publish_many(10);
  CHECK(seqs() == up_to(20));
  // With a wire that is full meanwhile.
  wire->full = true;
  publish_many(10);
  tell(topic(), drill{});
  publish_many(10);
  drain();
  pass(2s);
  CHECK(seqs() == up_to(40));
}

TEST_CASE_METHOD(one_subscriber,
                 "nothing is lost and nothing comes twice when the directory fails") {
  subscribe(options(true));
  publish_many(10);
  tell(first_house.topics, drill{});
  begin_topics();
  pass(2s);
  publish_many(10);
  CHECK(seqs() == up_to(20));
}

TEST_CASE_METHOD(one_subscriber, "one without a disk goes on in a new log") {
  make_topic(R"({"name":"news.fast","durable":false})");
  subscribe({}, "news.fast");
  const auto push = [&] {
    muster::publish what;
    what.data = "1";
    ask<published>(topic("news.fast"), what).reply();
  };
  push();
  push();
  tell(first_house.topics, drill{});
  begin_topics();
  pass(2s);
  push();
  push();
  push();
  CHECK(seqs() == numbers{1, 2, 1, 2, 3});
}

TEST_CASE_METHOD(one_subscriber, "a log that cannot be read is tried again") {
  const auto key = subscribe(options(true, client_acks))->sub_key;
  publish_many(3);
  peer_closes(testee);
  tell(topic(), drill{});
  topic();
  disk->fail_read = true;
  const auto [again, its_wire] = come("ext.1");
  CHECK(ask<subscribed>(again, resume_subscription{key}).replied());
  pass(5s);
  CHECK(seqs(*its_wire).empty());
  disk->fail_read = false;
  pass(2s);
  CHECK(seqs(*its_wire) == up_to(3));
}

TEST_CASE_METHOD(one_subscriber, "a deleted topic ends its subscriptions") {
  subscribe();
  ask<topic_info>(first_house.topics, edit_topic{"news", {}, {}}).reply();
  CHECK(ask<subscription_list>(testee, list_subscriptions{})->items.empty());
  make_topic(R"({"name":"news"})");
  publish();
  CHECK(seqs().empty());
  CHECK(subscribe().replied());
}

TEST_CASE_METHOD(one_subscriber, "messages that an operator deletes are not delivered again") {
  const auto key = subscribe(options(false, client_acks))->sub_key;
  publish_many(3);
  SECTION("one of them") {
    const auto page = ask<message_page>(topic(), message_query{});
    ask<messages_deleted>(topic(), delete_messages{{}, page->messages[1]->id()}).reply();
    wire->texts.clear();
    pass(31s);
    CHECK(seqs() == numbers{1, 3});
  }
  SECTION("the queue") {
    CHECK(ask<messages_deleted>(topic(), delete_messages{key, {}})->count == 3);
    wire->texts.clear();
    pass(31s);
    CHECK(seqs().empty());
    CHECK(info(key)->depth == 0);
  }
  publish();
  CHECK(seqs().back() == 4);
}

TEST_CASE_METHOD(one_subscriber, "expired messages are not delivered") {
  wire->full = true;
  subscribe(options(true));
  muster::publish what;
  what.data = "1";
  what.expiration = 3;
  ask<published>(topic(), what).reply();
  publish();
  pass(5s);
  drain();
  CHECK(seqs() == numbers{2});
}

TEST_CASE_METHOD(one_subscriber, "who is behind gets the urgent first") {
  wire->full = true;
  subscribe(options(true));
  publish("1", 1);
  publish("2", 5);
  publish("3", 9);
  drain();
  // The first was already on its way when the others came.
  const auto got = seqs();
  REQUIRE(got.size() == 3);
  CHECK(got.back() != 3);
}

TEST_CASE_METHOD(logged_subscriber, "the message log notes deliveries") {
  subscribe();
  publish("\"told\"");
  const auto noted = ask<message_log_entries>(testee, read_message_log{});
  REQUIRE(!noted->items.empty());
  CHECK(!noted->items.back().incoming);
  CHECK(noted->items.back().payload.find("told") != std::string::npos);
}

TEST_CASE_METHOD(one_subscriber, "how far a lasting subscription is is on the disk soon") {
  const auto key = subscribe(options(true))->sub_key;
  publish_many(10);
  pass(1s);
  // The server is gone without a word.
  tell(first_house.topics, drill{});
  exit(testee, caf::exit_reason::kill);
  begin_topics();
  CHECK(info(key)->depth == 0);
}
