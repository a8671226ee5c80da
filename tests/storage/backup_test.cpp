#include "messages/codec.hpp"
#include "messages/errc.hpp"
#include "storage/backup.hpp"
#include "storage/data_lock.hpp"
#include "storage/schema.hpp"
#include "tests/storage/topic_logs.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

using namespace muster;
using test::numbers;
using test::some_record;
using test::topic_logs;

namespace {

constexpr auto always = std::chrono::hours{1};

/// A database with some of everything, and a place for backups.
struct filled : topic_logs {
  filled() {
    append(1, 1, 1000);
    change([&] {
      REQUIRE(!db->put(document_kind::topic, "/news", to_bytes(topic_named("/news"))));
      REQUIRE(!db->put(document_kind::token, "t",
                       to_bytes(api_token{"t", "first", role::admin, "hash", 1})));
      REQUIRE(!db->put_subscription(1, "key", to_bytes(stored_subscription{})));
    });
  }

  static topic_definition topic_named(const std::string& name) {
    topic_definition topic;
    topic.name = name;
    topic.number = 1;
    return topic;
  }

  std::filesystem::path copy() const { return place.path() / "copy.db"; }
  caf::expected<database_contents> back_up_now(bool replace = false,
                                               const copy_progress& progress = {}) {
    return back_up(path(), copy(), replace, progress);
  }
  std::vector<std::string> names(const std::filesystem::path& where) const {
    std::vector<std::string> found;
    for (const auto& each : std::filesystem::directory_iterator{where})
      found.push_back(each.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  }
  std::string old_name() const {
    for (const auto& name : names(path()))
      if (name.find(".before-restore-") != std::string::npos)
        return name;
    return {};
  }

  test::scratch_directory place;
};

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

TEST_CASE_METHOD(filled, "a backup has everything, in one file that is its owner's alone") {
  const auto contents = back_up_now();
  REQUIRE(contents);
  CHECK(contents->topics == 1);
  CHECK(contents->tokens == 1);
  CHECK(contents->subscriptions == 1);
  CHECK(contents->messages == 1000);
  CHECK(names(place.path()) == std::vector<std::string>{"copy.db"});
  struct ::stat about {};
  REQUIRE(::stat(copy().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0600);
  // The format of a file without a log ahead of it.
  CHECK(text_of(copy()).substr(18, 2) == "\x01\x01");
  auto database = std::move(*open_to_check(copy()));
  CHECK(find_faults(database, true)->empty());
}

TEST_CASE_METHOD(filled, "a backup is of one moment, and writes go on meanwhile") {
  append(1, 1001, 60'000);
  std::uint64_t next = 60'000;
  const auto contents = back_up_now(false, [&](std::uint64_t, std::uint64_t) {
    ++next;
    append(1, next, next);
  });
  REQUIRE(contents);
  REQUIRE(next > 60'001);
  CHECK(contents->messages == 60'000);
  CHECK(load(1).last_seq == next);
}

TEST_CASE_METHOD(filled, "a backup takes no file's place unasked") {
  place.write("copy.db", "mine");
  const auto refused = back_up_now();
  REQUIRE(!refused);
  CHECK(code_of(refused.error()) == errc::conflict);
  CHECK(text_of(copy()) == "mine");
  CHECK(back_up_now(true));
  CHECK(back_up_now(true));
  CHECK(names(place.path()) == std::vector<std::string>{"copy.db"});
}

TEST_CASE_METHOD(filled, "a backup takes the place of the data while it is open") {
  REQUIRE(back_up_now());
  CHECK(!db->backup_waits());
  append(1, 1001, 1100);
  change([&] { REQUIRE(!db->erase(document_kind::token, "t")); });
  reader = nullptr;
  REQUIRE(lay_backup_ready(copy(), path(), {}));
  CHECK(db->backup_waits());
  REQUIRE(!db->take_up_backup());
  CHECK(!db->backup_waits());
  reader = *db->open_reader();
  CHECK(load(1).last_seq == 1000);
  CHECK(db->load(document_kind::token)->size() == 1);
  append(1, 1001, 1001);
  CHECK(seqs(1, 4, 999) == numbers{1000, 1001});
  // Still the only server there, also when it starts anew.
  CHECK(*data_lock::is_held(path()));
  reopen();
  CHECK(seqs(1, 4, 999) == numbers{1000, 1001});
  // What was there before is whole.
  auto old = std::move(*open_to_check(path() / old_name()));
  CHECK(count_contents(old)->messages == 1100);
  CHECK(find_faults(old, true)->empty());
}

TEST_CASE_METHOD(filled, "somebody who reads the old database goes on with the old one") {
  REQUIRE(back_up_now());
  append(1, 1001, 1100);
  // It has the log ahead of the file, and reads nothing now.
  const auto other = *db->open_reader();
  REQUIRE(other->load(1));
  reader = nullptr;
  REQUIRE(lay_backup_ready(copy(), path(), {}));
  REQUIRE(!db->take_up_backup());
  append(1, 1001, 1001);
  CHECK(other->load(1)->last_seq == 1100);
  reader = *db->open_reader();
  CHECK(load(1).last_seq == 1001);
}

TEST_CASE_METHOD(filled, "what cannot be taken up leaves the data as it is") {
  SECTION("nothing waits") {}
  SECTION("no database") {
    write("muster.db.incoming", "no database at all, but long enough to be looked at");
  }
  const auto failed = db->take_up_backup();
  CHECK(failed);
  reader = *db->open_reader();
  CHECK(load(1).last_seq == 1000);
  append(1, 1001, 1001);
  CHECK(old_name().empty());
  reopen();
  CHECK(load(1).last_seq == 1001);
}

TEST_CASE_METHOD(filled, "without a server the old database keeps what is in the log ahead of it") {
  REQUIRE(back_up_now());
  append(1, 1001, 1100);
  // As one that was killed leaves it.
  test::scratch_directory elsewhere;
  for (const auto* name : {"muster.db", "muster.db-wal"})
    std::filesystem::copy(path() / name, elsewhere.path() / name);
  REQUIRE(std::filesystem::file_size(elsewhere.path() / "muster.db-wal") > 0);
  REQUIRE(lay_backup_ready(copy(), elsewhere.path(), {}));
  const auto old = take_up_offline(elsewhere.path());
  REQUIRE(old);
  CHECK(!std::filesystem::exists(elsewhere.path() / "muster.db-wal"));
  auto kept = std::move(*open_to_check(*old));
  CHECK(count_contents(kept)->messages == 1100);
  auto restored = open_database(elsewhere.path());
  REQUIRE(restored);
  CHECK((*(*restored)->open_reader())->load(1)->last_seq == 1000);
}

TEST_CASE_METHOD(filled, "a directory that a server has is not taken from it") {
  REQUIRE(back_up_now());
  REQUIRE(lay_backup_ready(copy(), path(), {}));
  const auto refused = take_up_offline(path());
  REQUIRE(!refused);
  CHECK(detail_of(refused.error()).find("another server uses") != std::string::npos);
  drop_waiting_backup(path());
  CHECK(!db->backup_waits());
}

TEST_CASE_METHOD(filled, "a backup of an earlier version is brought to this one") {
  REQUIRE(back_up_now());
  {
    auto database = std::move(*sqlite_database::open(copy().string()));
    REQUIRE(!database.execute("DROP TABLE messages; DROP TABLE topic_logs; DROP TABLE"
                              " subscriptions; PRAGMA user_version = 1"));
  }
  const auto found = lay_backup_ready(copy(), path(), {});
  REQUIRE(found);
  CHECK(found->contents.tokens == 1);
  CHECK(found->contents.messages == 0);
  auto waiting = std::move(*open_to_check(path() / waiting_name));
  CHECK(*version_of(waiting) == newest_version());
}

TEST_CASE_METHOD(filled, "damaged records are counted and named") {
  auto database = std::move(*open_to_check(path() / database_name));
  auto found = *check_records(database, always, {});
  CHECK(found.looked_at == 1003);
  CHECK(found.all == 1003);
  CHECK(found.damaged.empty());
  raw("UPDATE messages SET body = CAST('x' AS BLOB) WHERE seq = 7");
  raw("UPDATE subscriptions SET body = CAST('x' AS BLOB)");
  raw("UPDATE documents SET body = CAST('x' AS BLOB) WHERE kind = 'token'");
  found = *check_records(database, always, {});
  CHECK(found.looked_at == 1003);
  CHECK(found.damaged_messages == 1);
  CHECK(found.damaged_subscriptions == 1);
  CHECK(found.damaged_documents == 1);
  CHECK(found.damaged
        == std::vector<std::string>{"token t", "subscription key of topic /news",
                                    "message 7 of topic /news"});
}

TEST_CASE_METHOD(filled, "a look at records ends when its time is over") {
  append(1, 1001, 3000);
  auto database = std::move(*open_to_check(path() / database_name));
  const auto found = *check_records(database, std::chrono::seconds{0}, {});
  CHECK(found.looked_at < 1000);
  CHECK(found.all == 3003);
}

TEST_CASE_METHOD(filled, "messages that only changed places are damaged") {
  raw("UPDATE messages SET seq = 5000 WHERE seq = 7");
  auto database = std::move(*open_to_check(path() / database_name));
  CHECK(check_records(database, always, {})->damaged_messages == 1);
}
