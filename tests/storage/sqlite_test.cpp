#include "storage/sqlite.hpp"

#include "messages/errc.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch_directory.hpp"

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
