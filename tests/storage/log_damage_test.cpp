#include "messages/errc.hpp"
#include "tests/storage/topic_logs.hpp"

#include <sys/resource.h>

#include <csignal>
#include <fstream>

using namespace muster;
using test::numbers;
using test::some_record;
using test::topic_logs;

namespace {

/// While it is there, no file of this process grows beyond so many bytes.
class small_disk {
public:
  explicit small_disk(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    auto limit = before_;
    limit.rlim_cur = bytes;
    ::signal(SIGXFSZ, SIG_IGN);
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~small_disk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;

private:
  struct ::rlimit before_ {};
};

} // namespace

TEST_CASE_METHOD(topic_logs, "one damaged message spoils no other") {
  append(1, 1, 3);
  raw("UPDATE messages SET body = CAST(substr(body, 1, 20) || x'ff' || substr(body, 22) AS BLOB)"
      " WHERE seq = 2");
  const auto records = *reader->read(1, 4, 0, 10, 10'000);
  REQUIRE(records.size() == 3);
  CHECK(from_record(records[0]));
  CHECK(!from_record(records[1]));
  CHECK(from_record(records[2]));
  CHECK(load(1).entries.size() == 3);
}

TEST_CASE_METHOD(topic_logs, "a damaged page is an error until it is mended") {
  append(1, 1, 1000);
  // All of it goes to the file.
  reopen();
  const auto pages = std::filesystem::file_size(file()) / 4096;
  REQUIRE(pages > 20);
  std::fstream disk{file(), std::ios::in | std::ios::out | std::ios::binary};
  std::string whole(4096 * pages, '\0');
  disk.read(whole.data(), static_cast<std::streamsize>(whole.size()));
  // The first pages hold the schema and the roots.
  const std::string noise(4096 * (pages - 12), '\xa5');
  disk.seekp(4096 * 12).write(noise.data(), static_cast<std::streamsize>(noise.size())).flush();

  auto failed = reader->load(1);
  REQUIRE(!failed);
  CHECK(code_of(failed.error()) == errc::unavailable);
  CHECK(detail_of(failed.error()) == "database disk image is malformed");
  CHECK(!reader->read(1, 4, 0, 1000, 1'000'000));
  REQUIRE(!db->begin());
  auto refused = db->trim(1, 1000);
  CHECK(code_of(refused) == errc::unavailable);
  db->rollback();

  disk.seekp(0).write(whole.data(), static_cast<std::streamsize>(whole.size())).flush();
  reader = *db->open_reader();
  CHECK(load(1).entries.size() == 1000);
  change([&] { CHECK(!db->trim(1, 999)); });
  CHECK(seqs(1) == numbers{1000});
}

TEST_CASE_METHOD(topic_logs, "a disk that takes no more refuses the commit and spoils nothing") {
  append(1, 1, 10);
  bool refused = false;
  {
    const small_disk full{std::filesystem::file_size(file() + "-wal") + 5000};
    REQUIRE(!db->begin());
    caf::error failed;
    for (std::uint64_t seq = 11; seq <= 500 && !failed; ++seq)
      failed = db->append(1, some_record(seq));
    if (!failed)
      failed = db->commit();
    refused = code_of(failed) == errc::unavailable;
    db->rollback();
    CHECK(seqs(1).size() == 10);
  }
  CHECK(refused);
  append(1, 11, 500);
  CHECK(load(1).entries.size() == 500);
  reopen();
  CHECK(size(1).messages == 500);
}

TEST_CASE_METHOD(test::scratch_directory, "a database of before topics keeps its documents") {
  {
    auto old = std::move(*sqlite_database::open((path() / "muster.db").string()));
    REQUIRE(!old.execute("CREATE TABLE documents (kind TEXT NOT NULL CHECK (length(kind) > 0),"
                         " key TEXT NOT NULL CHECK (length(key) > 0), body BLOB NOT NULL,"
                         " PRIMARY KEY (kind, key)) STRICT, WITHOUT ROWID;"
                         "INSERT INTO documents VALUES ('user', 'u', x'31');"
                         "PRAGMA application_id = 1297437524; PRAGMA user_version = 1"));
  }
  auto db = *open_database(path());
  auto users = *db->load(document_kind::user);
  REQUIRE(users.size() == 1);
  CHECK(users[0].body == "1");
  REQUIRE(!db->begin());
  CHECK(!db->put(document_kind::topic, "/t", "topic"));
  CHECK(!db->append(1, some_record(1)));
  REQUIRE(!db->commit());
  CHECK(db->load(document_kind::topic)->size() == 1);
  CHECK((*db->open_reader())->load(1)->entries.size() == 1);
}
