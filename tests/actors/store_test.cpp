#include "actors/store.hpp"

#include "actors/log_records.hpp"
#include "messages/metrics.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/fake_storage.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

struct a_store : test::actor_world {
  std::shared_ptr<test::fake_storage> disk = std::make_shared<test::fake_storage>();
  store_actor testee = start<store>(std::shared_ptr<storage>{disk});

  auto put_later(const std::string& key) {
    return ask_later<done>(testee, put_document{document_kind::user, key, "body of " + key});
  }
  auto append_later(std::uint64_t first, std::uint64_t last) {
    append_messages what{7, {}, {}};
    for (auto seq = first; seq <= last; ++seq)
      what.records.push_back(record(seq));
    return ask_later<done>(testee, std::move(what));
  }
  static log_record record(std::uint64_t seq) {
    topic_message message;
    message.seq = seq;
    message.expires_us = static_cast<std::int64_t>(seq);
    return to_record(message);
  }
  auto expire_later(std::int64_t now, std::uint32_t limit) {
    return ask_later<messages_expired>(testee, expire_messages{now, limit});
  }
  std::size_t stored() { return disk->logs_on_disk[7].messages.size(); }
  auto load() { return ask<loaded_documents>(testee, load_documents{document_kind::user}); }
};

} // namespace

TEST_CASE_METHOD(a_store, "writes that wait share one commit and are answered after it") {
  auto first = put_later("a");
  auto second = put_later("b");
  auto third = ask_later<done>(testee, erase_document{document_kind::user, "a"});
  settle();
  CHECK(first.replied());
  CHECK(second.replied());
  CHECK(third.replied());
  CHECK(disk->commits == 1);
  CHECK(disk->on_disk.size() == 1);
}

TEST_CASE_METHOD(a_store, "what was written is loaded again") {
  put_later("a");
  put_later("b");
  auto loaded = load();
  REQUIRE(loaded->items.size() == 2);
  CHECK(loaded->items[1].key == "b");
  CHECK(loaded->items[1].body == "body of b");
}

TEST_CASE_METHOD(a_store, "a commit is not put off for ever") {
  for (std::size_t i = 0; i < 2 * store::max_batch + 1; ++i)
    put_later(std::to_string(i));
  settle();
  CHECK(disk->commits == 3);
  CHECK(disk->on_disk.size() == 2 * store::max_batch + 1);
}

TEST_CASE_METHOD(a_store, "a disk that refuses is told to all writers, with its reason") {
  SECTION("at the start") {
    disk->fail_begin = true;
    CHECK(detail_of(ask<done>(testee, put_document{}).failure()) == "database is locked");
  }
  SECTION("at a write") {
    disk->fail_put = true;
    auto first = put_later("a");
    auto second = put_later("b");
    settle();
    CHECK(first.error() == errc::unavailable);
    CHECK(detail_of(second.failure()) == "disk I/O error");
  }
  SECTION("at the commit") {
    disk->fail_commit = true;
    auto first = put_later("a");
    auto second = put_later("b");
    settle();
    CHECK(first.error() == errc::unavailable);
    CHECK(detail_of(second.failure()) == "database or disk is full");
  }
  CHECK(disk->on_disk.empty());
}

TEST_CASE_METHOD(a_store, "after a failure the next write goes through") {
  disk->fail_commit = true;
  put_later("a");
  settle();
  disk->fail_commit = false;
  auto next = put_later("b");
  settle();
  CHECK(next.replied());
  CHECK(disk->on_disk.size() == 1);
}

TEST_CASE_METHOD(a_store, "a failure to read is unavailable") {
  disk->fail_load = true;
  CHECK(load().error() == errc::unavailable);
}

TEST_CASE_METHOD(a_store, "an exit commits what was written before") {
  settle();
  auto written = put_later("a");
  // Runs the asker, not yet the store.
  REQUIRE(scheduler.try_run_once());
  exit(testee);
  CHECK(written.replied());
  CHECK(disk->on_disk.size() == 1);
}

TEST_CASE_METHOD(a_store, "writes of topics share a commit with documents") {
  auto document = put_later("a");
  auto appended = append_later(1, 5);
  auto erased = ask_later<done>(testee, erase_messages{7, {{4, 5}, {4, 4}}});
  auto trimmed = ask_later<done>(testee, trim_log{7, 1});
  auto subscribed = ask_later<done>(testee, put_subscription{7, "a", "body"});
  auto other = ask_later<done>(testee, put_subscription{7, "b", "body"});
  auto unsubscribed = ask_later<done>(testee, erase_subscription{7, "b"});
  settle();
  CHECK(document.replied());
  CHECK(appended.replied());
  CHECK(erased.replied());
  CHECK(trimmed.replied());
  CHECK(subscribed.replied());
  CHECK(other.replied());
  CHECK(unsubscribed.replied());
  CHECK(disk->commits == 1);
  CHECK(stored() == 2);
  CHECK(disk->logs_on_disk[7].subscriptions.size() == 1);
}

TEST_CASE_METHOD(a_store, "what is replaced goes, even when it came with the same records") {
  ask<done>(testee, append_messages{7, {record(1)}, {}});
  ask<done>(testee, append_messages{7, {record(2), record(3)}, {{4, 1}, {4, 2}}});
  CHECK(stored() == 1);
  CHECK(disk->logs_on_disk[7].messages.count(3) == 1);
}

TEST_CASE_METHOD(a_store, "a commit is bounded by its records") {
  append_later(1, store::max_batch - 1);
  append_later(store::max_batch, store::max_batch);
  append_later(store::max_batch + 1, store::max_batch + 1);
  settle();
  CHECK(disk->commits == 2);
  CHECK(stored() == store::max_batch + 1);
}

TEST_CASE_METHOD(a_store, "large records fill a commit sooner") {
  auto large = record(1);
  large.body.assign(store::weight_bytes * store::max_batch, 'x');
  auto first = ask_later<done>(testee, append_messages{7, {large}, {}});
  append_later(2, 2);
  settle();
  CHECK(first.replied());
  CHECK(disk->commits == 2);
}

TEST_CASE_METHOD(a_store, "what was erased is told when it is committed") {
  append_later(1, 5);
  auto some = expire_later(3, 2);
  auto rest = expire_later(3, 2);
  settle();
  CHECK(some->places.size() == 2);
  REQUIRE(rest->places.size() == 1);
  CHECK(rest->places[0].topic == 7);
  CHECK(rest->places[0].seq == 3);

  CHECK(ask<log_erased>(testee, erase_log{7, 2})->more);
  CHECK(!ask<log_erased>(testee, erase_log{7, 2})->more);
  CHECK(disk->logs_on_disk.empty());
}

TEST_CASE_METHOD(a_store, "a refusal is told to all kinds of writers, and leaves nothing behind") {
  const auto failures = counters().store_failures.load();
  const auto commits = counters().store_commits.load();
  disk->fail_commit = true;
  auto appended = append_later(1, 5);
  auto expired = expire_later(3, 2);
  auto erased = ask_later<log_erased>(testee, erase_log{7, 2});
  settle();
  CHECK(appended.error() == errc::unavailable);
  CHECK(expired.error() == errc::unavailable);
  CHECK(detail_of(erased.failure()) == "database or disk is full");
  CHECK(disk->logs_on_disk.empty());
  CHECK(counters().store_failures == failures + 1);
  CHECK(counters().store_commits == commits);

  disk->fail_commit = false;
  auto again = append_later(1, 5);
  settle();
  CHECK(again.replied());
  CHECK(stored() == 5);
  CHECK(counters().store_commits == commits + 1);
}

TEST_CASE_METHOD(a_store, "a sync waits for what was written before it, done or failed") {
  SECTION("nothing was") {
    CHECK(ask<done>(testee, sync_store{}).replied());
    CHECK(disk->commits == 0);
  }
  SECTION("something was") {
    put_later("a");
    auto synced = ask_later<done>(testee, sync_store{});
    settle();
    CHECK(synced.replied());
    CHECK(disk->commits == 1);
  }
  SECTION("something failed") {
    disk->fail_commit = true;
    auto written = put_later("a");
    auto synced = ask_later<done>(testee, sync_store{});
    settle();
    CHECK(written.failed());
    CHECK(synced.replied());
  }
}
