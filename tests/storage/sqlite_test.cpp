#include "storage/sqlite.hpp"

#include "messages/errc.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>

using namespace muster;

namespace {

struct open_file : test::scratch_directory {
  sqlite_database database = std::move(*sqlite_database::open((path() / "some.db").string()));
};

} // namespace

TEST_CASE_METHOD(open_file, "a statement gives back the bytes that were bound, zeros included") {
  REQUIRE(!database.execute("CREATE TABLE t (a TEXT, b BLOB)"));
  auto insert = database.prepare("INSERT INTO t VALUES (?1, ?2)");
  REQUIRE(insert);
  const std::string bytes{"a\0b", 3};
  REQUIRE(!insert->bind_text(1, "key"));
  REQUIRE(!insert->bind_blob(2, bytes));
  REQUIRE(!insert->run());

  auto query = database.prepare("SELECT a, b FROM t");
  REQUIRE(query);
  CHECK(*query->step());
  CHECK(query->bytes(0) == "key");
  CHECK(query->bytes(1) == bytes);
  CHECK(!*query->step());
}

TEST_CASE_METHOD(open_file, "an error of SQLite comes with its own words") {
  auto failed = database.execute("SELECT nonsense");
  CHECK(code_of(failed) == errc::unavailable);
  CHECK(detail_of(failed) == "no such column: nonsense");
  CHECK(!database.prepare("NOT SQL"));
}

TEST_CASE_METHOD(open_file, "a query without a row has the number nought") {
  REQUIRE(!database.execute("CREATE TABLE t (a INTEGER)"));
  CHECK(*database.number("SELECT a FROM t") == 0);
  REQUIRE(!database.execute("INSERT INTO t VALUES (17)"));
  CHECK(*database.number("SELECT a FROM t") == 17);
}

TEST_CASE_METHOD(open_file, "numbers are bound whole") {
  auto query = database.prepare("SELECT ?1");
  REQUIRE(query);
  constexpr auto most = std::numeric_limits<std::int64_t>::min();
  REQUIRE(!query->bind_number(1, most));
  REQUIRE(*query->step());
  CHECK(query->number(0) == most);
}

TEST_CASE_METHOD(open_file, "a use of a statement ends what it reads") {
  REQUIRE(!database.execute("PRAGMA journal_mode = WAL; CREATE TABLE t (a); INSERT INTO t VALUES"
                            " (1), (2)"));
  auto other = std::move(*sqlite_database::open_to_read((path() / "some.db").string()));
  auto query = std::move(*other.prepare("SELECT a FROM t"));
  {
    const sqlite_use use{query};
    REQUIRE(*query.step());
    CHECK(*database.number("PRAGMA wal_checkpoint(PASSIVE)") == 0);
    REQUIRE(!database.execute("PRAGMA busy_timeout = 1"));
    CHECK(*database.number("PRAGMA wal_checkpoint(TRUNCATE)") == 1);
  }
  CHECK(*database.number("PRAGMA wal_checkpoint(TRUNCATE)") == 0);
}

TEST_CASE_METHOD(open_file, "what was opened to be read is not written to, nor made") {
  REQUIRE(!database.execute("CREATE TABLE t (a)"));
  auto other = std::move(*sqlite_database::open_to_read((path() / "some.db").string()));
  CHECK(*other.number("SELECT count(*) FROM t") == 0);
  auto failed = other.execute("INSERT INTO t VALUES (1)");
  CHECK(detail_of(failed) == "attempt to write a readonly database");
  auto missing = sqlite_database::open_to_read((path() / "none.db").string());
  REQUIRE(!missing);
  CHECK(detail_of(missing.error()) == "unable to open database file");
}
