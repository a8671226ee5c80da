#include "storage/log_tables.hpp"

#include "messages/errc.hpp"
#include "storage/sqlite_log_reader.hpp"
#include "tests/catch.hpp"
#include "tests/storage/log_rows.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <utility>

using namespace muster;
using test::some_record;

namespace {

/// The tables in a database whose settings a test may spoil.
struct bare_tables : test::scratch_directory {
  std::string file = (path() / "some.db").string();
  sqlite_database database = std::move(*sqlite_database::open(file));
  log_tables testee;
  std::shared_ptr<log_reader> reader;

  bare_tables() {
    REQUIRE(!database.execute("PRAGMA journal_mode = WAL"));
    REQUIRE(!database.execute(log_schema));
    REQUIRE(!testee.prepare(database));
    reader = *open_log_reader(file);
  }

  caf::error append(std::uint64_t first, std::uint64_t last) {
    if (auto refused = database.execute("BEGIN IMMEDIATE"))
      return refused;
    for (auto seq = first; seq <= last; ++seq)
      if (auto failed = testee.append(1, some_record(seq))) {
        give_up();
        return failed;
      }
    auto failed = testee.write_changes();
    if (!failed)
      failed = database.execute("COMMIT");
    if (failed)
      give_up();
    return failed;
  }

  void give_up() {
    testee.forget_changes();
    if (database.in_transaction())
      REQUIRE(!database.execute("ROLLBACK"));
  }

  std::size_t stored() { return reader->load(1)->entries.size(); }
};

} // namespace

TEST_CASE_METHOD(bare_tables, "a full disk is an error, and goes on when there is room again") {
  REQUIRE(!append(1, 10));
  REQUIRE(!database.execute("PRAGMA max_page_count = 30"));
  auto failed = append(11, 2000);
  CHECK(code_of(failed) == errc::unavailable);
  CHECK(detail_of(failed) == "database or disk is full");
  CHECK(stored() == 10);
  REQUIRE(!append(11, 11));
  REQUIRE(!database.execute("PRAGMA max_page_count = 100000"));
  REQUIRE(!append(12, 2000));
  CHECK(stored() == 2000);
  CHECK(reader->survey()->front().messages == 2000);
}

TEST_CASE_METHOD(bare_tables, "a file that may not be written to is an error until it may") {
  REQUIRE(!append(1, 10));
  REQUIRE(!database.execute("PRAGMA query_only = ON"));
  auto failed = append(11, 20);
  CHECK(code_of(failed) == errc::unavailable);
  CHECK(detail_of(failed) == "attempt to write a readonly database");
  REQUIRE(!database.execute("PRAGMA query_only = OFF"));
  REQUIRE(!append(11, 20));
  CHECK(stored() == 20);
}

TEST_CASE_METHOD(bare_tables, "the counts of a transaction that was given up are forgotten") {
  REQUIRE(!append(1, 10));
  REQUIRE(!database.execute("BEGIN IMMEDIATE"));
  REQUIRE(!testee.append(1, some_record(11)));
  give_up();
  REQUIRE(!append(11, 12));
  auto sizes = reader->survey();
  REQUIRE(sizes->size() == 1);
  CHECK(sizes->front().messages == 12);
  CHECK(sizes->front().last_seq == 12);
}

TEST_CASE_METHOD(bare_tables, "a reader leaves nothing open that would hold the log up") {
  REQUIRE(!append(1, 100));
  REQUIRE(reader->load(1));
  REQUIRE(reader->read(1, 4, 0, 5, 1'000'000)->size() == 5);
  REQUIRE(reader->read(1, 4, 0, 100, 1)->size() == 1);
  REQUIRE(*reader->first_since(1, 4, 0) == 1);
  REQUIRE(reader->survey()->size() == 1);
  // The first column: whether somebody was in its way.
  CHECK(*database.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0);
}

TEST_CASE_METHOD(bare_tables, "neither loading nor expiring reads what it does not need") {
  const auto plan = [&](const std::string& sql) {
    auto query = std::move(*database.prepare("EXPLAIN QUERY PLAN " + sql));
    std::string steps;
    while (*query.step())
      steps += std::string{query.bytes(3)} + "\n";
    return steps;
  };
  const auto loading = plan("SELECT seq, lane, size, published_us, own_id, key FROM messages"
                            " WHERE topic = 1 AND lane IN (0, 1, 2) ORDER BY lane, seq");
  CHECK(loading.find("USING COVERING INDEX messages_by_place") != std::string::npos);
  CHECK(loading.find("TEMP B-TREE") == std::string::npos);
  const auto expiring = plan("SELECT id FROM messages WHERE expires_us <= 1"
                             " ORDER BY expires_us LIMIT 1");
  CHECK(expiring.find("USING COVERING INDEX messages_by_expiry") != std::string::npos);
}
