#include "storage/database.hpp"

#include "messages/errc.hpp"
#include "storage/sqlite.hpp"
#include "tests/catch.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <utility>

using namespace muster;

namespace {

using data_directory = test::scratch_directory;

/// Runs `work` in a process of its own; true when it returned true.
template <class Work>
bool elsewhere(Work work) {
  const auto child = ::fork();
  if (child == 0)
    ::_exit(work() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/// Writes as a server that is killed without a word after its commit.
void write_and_die(const std::filesystem::path& directory) {
  const auto child = ::fork();
  if (child == 0) {
    auto opened = open_database(directory);
    if (opened && !(*opened)->begin() && !(*opened)->put(document_kind::user, "kept", "1")
        && !(*opened)->commit() && !(*opened)->begin()
        && !(*opened)->put(document_kind::user, "lost", "2"))
      ::raise(SIGKILL);
    ::_exit(1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  REQUIRE(WIFSIGNALED(status));
}

std::string why_not(const std::filesystem::path& directory) {
  auto opened = open_database(directory);
  return opened ? "" : detail_of(opened.error());
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_CASE_METHOD(data_directory, "documents come back by kind, in the order of their keys") {
  auto db = *open_database(path() / "made" / "for it");
  const std::string body{"\0\xff"
                         "b",
                         3};
  REQUIRE(!db->begin());
  CHECK(!db->put(document_kind::channel, "b", body));
  CHECK(!db->put(document_kind::channel, "a", ""));
  CHECK(!db->put(document_kind::user, "a", "another"));
  CHECK(!db->put(document_kind::user, "gone", "another"));
  CHECK(!db->erase(document_kind::user, "gone"));
  CHECK(!db->erase(document_kind::user, "never there"));
  REQUIRE(!db->commit());

  auto channels = *db->load(document_kind::channel);
  REQUIRE(channels.size() == 2);
  CHECK(channels[0].key == "a");
  CHECK(channels[0].body.empty());
  CHECK(channels[1].body == body);
  CHECK(db->load(document_kind::user)->size() == 1);
  CHECK(db->load(document_kind::setting)->empty());
}

TEST_CASE_METHOD(data_directory, "a document that is put again is replaced") {
  auto db = *open_database(path());
  REQUIRE(!db->begin());
  CHECK(!db->put(document_kind::token, "t", "old"));
  CHECK(!db->put(document_kind::token, "t", "new"));
  REQUIRE(!db->commit());
  auto tokens = *db->load(document_kind::token);
  REQUIRE(tokens.size() == 1);
  CHECK(tokens[0].body == "new");
}

TEST_CASE_METHOD(data_directory, "a transaction that is rolled back leaves nothing") {
  auto db = *open_database(path());
  REQUIRE(!db->begin());
  CHECK(!db->put(document_kind::user, "u", "1"));
  db->rollback();
  db->rollback();
  CHECK(db->load(document_kind::user)->empty());
  CHECK(!db->begin());
  CHECK(!db->commit());
}

TEST_CASE_METHOD(data_directory, "what was committed is there after an orderly end") {
  {
    auto db = *open_database(path());
    REQUIRE(!db->begin());
    CHECK(!db->put(document_kind::user, "u", "1"));
    REQUIRE(!db->commit());
  }
  CHECK((*open_database(path()))->load(document_kind::user)->size() == 1);
}

TEST_CASE_METHOD(data_directory, "after a kill what was committed is there, and only that") {
  write_and_die(path());
  auto db = *open_database(path());
  auto users = *db->load(document_kind::user);
  REQUIRE(users.size() == 1);
  CHECK(users[0].key == "kept");
}

TEST_CASE_METHOD(data_directory, "the database writes ahead of itself") {
  auto db = *open_database(path());
  auto other = std::move(*sqlite_database::open((path() / "muster.db").string()));
  auto mode = std::move(*other.prepare("PRAGMA journal_mode"));
  REQUIRE(*mode.step());
  CHECK(mode.bytes(0) == "wal");
}

TEST_CASE_METHOD(data_directory, "nobody else may read the database") {
  auto db = *open_database(path());
  struct ::stat status {};
  REQUIRE(::stat((path() / "muster.db").c_str(), &status) == 0);
  CHECK((status.st_mode & 077) == 0);
}

TEST_CASE_METHOD(data_directory, "a second server on the same data is refused") {
  auto first = open_database(path());
  REQUIRE(first);
  CHECK(contains(why_not(path()), "another server uses the data directory"));
  CHECK(elsewhere([&] { return contains(why_not(path()), "another server uses"); }));
  *first = nullptr;
  CHECK(why_not(path()).empty());
}

TEST_CASE_METHOD(data_directory, "a directory that cannot be written to is refused") {
  ::chmod(path().c_str(), 0555);
  CHECK(elsewhere([&] {
    // Root may write anywhere.
    if (::geteuid() == 0 && ::setuid(65534) != 0)
      return false;
    return contains(why_not(path()), "Permission denied");
  }));
  ::chmod(path().c_str(), 0755);
}

TEST_CASE_METHOD(data_directory, "a database that may not be written to is refused") {
  open_database(path());
  ::chmod(path().c_str(), 0777);
  ::chmod((path() / "muster.lock").c_str(), 0666);
  ::chmod((path() / "muster.db").c_str(), 0444);
  CHECK(elsewhere([&] {
    if (::geteuid() == 0 && ::setuid(65534) != 0)
      return false;
    return contains(why_not(path()), "muster.db: the file may not be written to");
  }));
}

TEST_CASE_METHOD(data_directory, "a path that cannot be a directory is refused") {
  write("file", "");
  CHECK(contains(why_not(path() / "file" / "below"), "cannot make the data directory"));
}

TEST_CASE_METHOD(data_directory, "a file that is no database is refused and left as it is") {
  const std::string garbage(5000, 'x');
  write("muster.db", garbage);
  CHECK(contains(why_not(path()), "file is not a database"));
  CHECK(std::filesystem::file_size(path() / "muster.db") == garbage.size());
}

TEST_CASE_METHOD(data_directory, "an empty file is taken for a new database") {
  write("muster.db", "");
  CHECK(why_not(path()).empty());
}

TEST_CASE_METHOD(data_directory, "a database of a newer version is refused") {
  open_database(path());
  {
    auto raw = std::move(*sqlite_database::open((path() / "muster.db").string()));
    REQUIRE(!raw.execute("PRAGMA user_version = 99"));
  }
  CHECK(contains(why_not(path()), "newer version of muster"));
}
