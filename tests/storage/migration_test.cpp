#include "storage/migration.hpp"

#include "messages/errc.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <array>
#include <utility>

using namespace muster;

namespace {

constexpr std::array two_steps{"CREATE TABLE a (x INTEGER)",
                               "CREATE TABLE b (y INTEGER); INSERT INTO a VALUES (2)"};

struct new_file : test::scratch_directory {
  sqlite_database database = std::move(*sqlite_database::open((path() / "some.db").string()));

  std::int64_t number(const char* sql) { return *database.number(sql); }
};

} // namespace

TEST_CASE_METHOD(new_file, "a new file goes through all steps and is marked as ours") {
  REQUIRE(!migrate(database, two_steps));
  CHECK(number("PRAGMA application_id") == our_application_id);
  CHECK(number("PRAGMA user_version") == 2);
  CHECK(number("SELECT x FROM a") == 2);
}

TEST_CASE_METHOD(new_file, "an older file goes only through the steps that it lacks") {
  REQUIRE(!migrate(database, std::span{two_steps}.first(1)));
  CHECK(number("PRAGMA user_version") == 1);
  REQUIRE(!database.execute("INSERT INTO a VALUES (1)"));
  REQUIRE(!migrate(database, two_steps));
  REQUIRE(!migrate(database, two_steps));
  CHECK(number("SELECT group_concat(x) = '1,2' FROM a") == 1);
}

TEST_CASE_METHOD(new_file, "a step that fails halfway leaves the version before it") {
  constexpr std::array broken{two_steps[0], "CREATE TABLE half (z INTEGER); SELECT nonsense"};
  auto failed = migrate(database, broken);
  CHECK(code_of(failed) == errc::unavailable);
  CHECK(number("PRAGMA user_version") == 1);
  CHECK(number("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0);
  CHECK(!migrate(database, two_steps));
}

TEST_CASE_METHOD(new_file, "a file of a newer version is left alone") {
  REQUIRE(!migrate(database, two_steps));
  auto refused = migrate(database, std::span{two_steps}.first(1));
  CHECK(code_of(refused) == errc::conflict);
  CHECK(detail_of(refused)
        == "it was written by a newer version of muster (version 2, this one knows 1)");
  CHECK(number("PRAGMA user_version") == 2);
}

TEST_CASE_METHOD(new_file, "a database of another program is left alone") {
  SECTION("known by its mark") {
    REQUIRE(!database.execute("PRAGMA application_id = 77"));
  }
  SECTION("known by its tables") {
    REQUIRE(!database.execute("CREATE TABLE recipes (name)"));
  }
  auto refused = migrate(database, two_steps);
  CHECK(code_of(refused) == errc::conflict);
  CHECK(number("PRAGMA user_version") == 0);
}
