#include "actors/store.hpp"

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
