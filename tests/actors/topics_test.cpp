#include "tests/actors/some_topics.hpp"

#include "messages/topic_edit.hpp"
#include "tests/catch.hpp"

#include <algorithm>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// What publishing to a topic says.
answer<published> publish(some_topics& world, const topic_actor& to,
                          const std::string& data = "1") {
  return world.ask<published>(to, some_topics::message(data));
}

} // namespace

TEST_CASE_METHOD(some_topics, "topics are made, described and listed by name") {
  const auto made = create(R"({"name":"b","durable":false})");
  CHECK(made->definition->number == 1);
  CHECK(!made->definition->durable);
  CHECK(made->definition->created_at_us == microseconds_of(loop.wall_now()));
  CHECK(create(R"({"name":"a"})")->definition->number == 2);
  CHECK(describe("b")->definition == made->definition);
  const auto all = ask<topic_list>(directory, list_topics{})->items;
  REQUIRE(all.size() == 2);
  CHECK(all[0].definition->name == "a");
  CHECK(all[1].definition->name == "b");
}

TEST_CASE_METHOD(some_topics, "what cannot be made is refused") {
  create(R"({"name":"a"})");
  CHECK(create(R"({"name":"a"})").error() == errc::conflict);
  CHECK(create(R"({"name":""})").error() == errc::bad_request);
  CHECK(create(R"({"name":"b","max_depth":-1})").error() == errc::bad_request);
  CHECK(describe("b").error() == errc::not_found);
  CHECK(find("b").error() == errc::not_found);
  CHECK(find(" b", true).error() == errc::bad_request);
  disk->fail_commit = true;
  CHECK(create(R"({"name":"b"})").error() == errc::unavailable);
  CHECK(find("b", true).error() == errc::unavailable);
  disk->fail_commit = false;
  CHECK(describe("b").error() == errc::not_found);
}

TEST_CASE_METHOD(some_topics, "a topic is made by who looks for it, once") {
  const auto one = ask_later<found_topic>(directory, find_topic{"a", 0, true});
  const auto two = ask_later<found_topic>(directory, find_topic{"a", 0, true});
  settle();
  CHECK(one->actor == two->actor);
  CHECK(one->definition->number == 1);
  CHECK(find("a")->actor == one->actor);
  CHECK(ask<found_topic>(directory, find_topic{{}, 1, false})->actor == one->actor);
  CHECK(ask<found_topic>(directory, find_topic{{}, 2, true}).error() == errc::not_found);
}

TEST_CASE_METHOD(some_topics, "an edit is kept, and reaches the topic") {
  create(R"({"name":"a"})");
  const auto actor = find("a")->actor;
  CHECK(edit("a", R"({"is_active":false})")->definition->is_active == false);
  CHECK(publish(*this, actor).error() == errc::unavailable);
  CHECK(edit("a", R"({"is_active":null})").replied());
  CHECK(publish(*this, actor).replied());
  CHECK(edit("a", R"({"number":7})").error() == errc::bad_request);
  CHECK(edit("b", "{}").error() == errc::not_found);
  edit("a", R"({"max_depth":5})");
  start_anew();
  CHECK(describe("a")->definition->max_depth == 5);
  disk->fail_commit = true;
  CHECK(edit("a", R"({"max_depth":6})").error() == errc::unavailable);
  disk->fail_commit = false;
  CHECK(describe("a")->definition->max_depth == 5);
}

TEST_CASE_METHOD(some_topics, "an edit is of the version that its author knows") {
  const auto tag = etag_of(*create(R"({"name":"a"})")->definition);
  CHECK(edit("a", R"({"max_depth":5})", tag).replied());
  CHECK(edit("a", R"({"max_depth":6})", tag).error() == errc::precondition_failed);
  CHECK(edit("a", "", tag).error() == errc::precondition_failed);
  CHECK(edit("a", R"({"max_depth":7})", "*").replied());
  CHECK(describe("a")->definition->max_depth == 7);
}

TEST_CASE_METHOD(some_topics,
                 "a deleted topic is gone with its log, and its number is not used again") {
  create(R"({"name":"a"})");
  const auto actor = find("a")->actor;
  for (int i = 0; i < 2500; ++i)
    ask_later<published>(actor, message("1"));
  settle();
  SECTION("while it is awake") {}
  SECTION("while it sleeps") {
    pass(65s);
  }
  SECTION("when it has just failed") {
    caf::anon_send(caf::actor_cast<caf::actor>(actor), drill{});
  }
  CHECK(edit("a", "").replied());
  CHECK(describe("a").error() == errc::not_found);
  CHECK(!disk->logs_on_disk.contains(1));
  CHECK(find("a", true)->definition->number == 2);
  CHECK(publish(*this, find("a")->actor)->seq == 1);
  start_anew();
  CHECK(create(R"({"name":"b"})")->definition->number == 3);
}

TEST_CASE_METHOD(some_topics, "what is left of a deleted topic's log goes at the next start") {
  create(R"({"name":"a"})");
  publish(*this, find("a")->actor);
  // The document is gone, the log is not.
  disk->on_disk.clear();
  start_anew();
  CHECK(!disk->logs_on_disk.contains(1));
  CHECK(create(R"({"name":"b"})")->definition->number == 2);
}

TEST_CASE_METHOD(some_topics,
                 "the file wins over stored topics at the start, and not at a restart") {
  ports.declared = {R"({"name":"filed","max_depth":5})"};
  start_anew();
  CHECK(describe("filed")->from_file);
  CHECK(edit("filed", R"({"max_depth":6})").replied());
  SECTION("a restart of the directory") {
    tell(directory, drill{});
    begin();
    CHECK(describe("filed")->definition->max_depth == 6);
  }
  SECTION("a restart of the server") {
    start_anew();
    CHECK(describe("filed")->definition->max_depth == 5);
    CHECK(describe("filed")->definition->number == 1);
  }
  CHECK(describe("filed")->from_file);
  CHECK(fatal.empty());
}

TEST_CASE_METHOD(some_topics, "a wrong declaration stops the server") {
  SECTION("that cannot be read") {
    ports.declared = {R"({"name":"a","max_depth":"many"})"};
  }
  SECTION("of two topics of one name") {
    ports.declared = {R"({"name":"a"})", R"({"name":"a"})"};
  }
  SECTION("that cannot be kept") {
    ports.declared = {R"({"name":"a"})"};
    disk->fail_commit = true;
  }
  start_anew();
  CHECK(fatal.size() == 1);
}

TEST_CASE_METHOD(some_topics, "a directory that cannot read its topics stops the server") {
  disk->fail_load = true;
  start_anew();
  CHECK(fatal.size() == 1);
}

TEST_CASE_METHOD(some_topics, "who asks while the topics are read waits for them") {
  create(R"({"name":"a"})");
  exit(directory);
  directory = start<topics>(std::make_shared<const house>(first), ports);
  const auto by_name = ask_later<found_topic>(directory, find_topic{"a", 0, false});
  const auto by_number = ask_later<found_topic>(directory, find_topic{{}, 1, false});
  const auto all = ask_later<topic_list>(directory, list_topics{});
  const auto about = ask_later<topic_info>(directory, describe_topic{"a"});
  settle();
  CHECK(by_name.replied());
  REQUIRE(by_number.replied());
  CHECK(by_number->actor == by_name->actor);
  CHECK(all->items.size() == 1);
  CHECK(about.replied());
}

TEST_CASE_METHOD(some_topics, "a restart keeps what topics have") {
  create(R"({"name":"a"})");
  publish(*this, find("a")->actor);
  publish(*this, find("a")->actor);
  const auto old = find("a")->actor;
  tell(directory, drill{});
  CHECK(publish(*this, old).failed());
  begin();
  CHECK(describe("a")->gauges->messages == 2);
  CHECK(describe("a")->gauges->last_seq == 2);
  CHECK(publish(*this, find("a")->actor)->seq == 3);
}

TEST_CASE_METHOD(some_topics, "a log that cannot be read is said, and tried again") {
  create(R"({"name":"a"})");
  disk->fail_read = true;
  CHECK(find("a").error() == errc::unavailable);
  CHECK(describe("a").replied());
  disk->fail_read = false;
  CHECK(publish(*this, find("a")->actor).replied());
  CHECK(fatal.empty());
}

TEST_CASE_METHOD(some_topics,
                 "a topic that fails is there again; one that fails all the time is too much") {
  create(R"({"name":"a"})");
  for (std::uint64_t i = 1; i <= 5; ++i) {
    const auto actor = find("a")->actor;
    CHECK(publish(*this, actor)->seq == i);
    tell(actor, drill{});
  }
  CHECK(fatal.empty());
  tell(find("a")->actor, drill{});
  REQUIRE(fatal.size() == 1);
  CHECK(fatal[0].find("topic a failed") != std::string::npos);
}

TEST_CASE_METHOD(some_topics, "failures that are rare are nobody's trouble") {
  create(R"({"name":"a"})");
  for (int i = 0; i < 20; ++i) {
    tell(find("a")->actor, drill{});
    pass(2s);
  }
  CHECK(fatal.empty());
}

TEST_CASE_METHOD(some_topics, "an idle topic sleeps, and who asks for it wakes it") {
  create(R"({"name":"a"})");
  const auto actor = find("a")->actor;
  publish(*this, actor);
  pass(58s);
  CHECK(publish(*this, actor).replied());
  pass(65s);
  CHECK(publish(*this, actor).failed());
  CHECK(find("a")->actor != actor);
  CHECK(publish(*this, find("a")->actor)->seq == 3);
  // One in memory has nowhere else to keep what it has.
  create(R"({"name":"b","durable":false})");
  const auto fast = find("b")->actor;
  publish(*this, fast);
  pass(120s);
  CHECK(publish(*this, fast)->seq == 2);
}

TEST_CASE_METHOD(some_topics, "a new store and a new reader are used by topics that are there") {
  create(R"({"name":"a"})");
  const auto actor = find("a")->actor;
  publish(*this, actor);
  exit(first.store);
  exit(first.reader);
  first.store = start<store>(std::shared_ptr<storage>{disk});
  first.reader = start<reader>(std::shared_ptr<storage>{disk});
  CHECK(publish(*this, actor).failed());
  tell(directory, std::make_shared<const house>(first));
  CHECK(publish(*this, actor)->seq == 2);
}

TEST_CASE_METHOD(some_topics, "a dry run checks a topic and leaves nothing") {
  const auto check = [this](const std::string& json) {
    return ask<topic_info>(directory, create_topic{json, true});
  };
  const auto made = check(R"({"name":"a","max_depth":5})");
  CHECK(made->definition->max_depth == 5);
  CHECK(made->definition->created_at_us == microseconds_of(loop.wall_now()));
  CHECK(describe("a").error() == errc::not_found);
  CHECK(field_of(check(R"({"name":"a","max_depth":-1})").failure()) == "max_depth");
  create(R"({"name":"a"})");
  const auto taken = check(R"({"name":"a"})");
  CHECK(taken.error() == errc::conflict);
  CHECK(field_of(taken.failure()) == "name");

  const auto change = [this](const std::string& patch) {
    return ask<topic_info>(directory, edit_topic{"a", patch, {}, true});
  };
  CHECK(change(R"({"max_depth":7})")->definition->max_depth == 7);
  CHECK(describe("a")->definition->max_depth == 1'000'000);
  CHECK(change(R"({"max_depth":0})").error() == errc::bad_request);
  CHECK(change(R"({"name":"b"})").error() == errc::bad_request);
  CHECK(change("").error() == errc::bad_request);
  CHECK(describe("a").replied());
}
