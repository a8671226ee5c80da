#include "storage/database.hpp"

#include "messages/errc.hpp"
#include "storage/data_lock.hpp"
#include "storage/migration.hpp"
#include "storage/sqlite.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <system_error>

namespace muster {

namespace {

// Never edit a step that was released: add one.
constexpr std::array steps = {
    R"sql(
    CREATE TABLE documents (
      kind TEXT NOT NULL CHECK (length(kind) > 0),
      key TEXT NOT NULL CHECK (length(key) > 0),
      body BLOB NOT NULL,
      PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID
  )sql",
};

constexpr const char* settings = R"sql(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
)sql";

std::string_view name_of(document_kind kind) {
  switch (kind) {
  case document_kind::channel:
    return "channel";
  case document_kind::user:
    return "user";
  case document_kind::token:
    return "token";
  case document_kind::setting:
    return "setting";
  }
  return {};
}

class sqlite_storage final : public storage {
public:
  sqlite_storage(data_lock lock, sqlite_database database)
      : lock_{std::move(lock)}, database_{std::move(database)} {}

  caf::error prepare() {
    return first_error({
        prepare(load_, "SELECT key, body FROM documents WHERE kind = ?1 ORDER BY key"),
        prepare(put_, "INSERT INTO documents (kind, key, body) VALUES (?1, ?2, ?3)"
                      " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"),
        prepare(erase_, "DELETE FROM documents WHERE kind = ?1 AND key = ?2"),
    });
  }

  caf::expected<std::vector<document>> load(document_kind kind) override {
    if (auto failed = load_.bind_text(1, name_of(kind)))
      return failed;
    std::vector<document> found;
    auto row = load_.step();
    for (; row && *row; row = load_.step())
      found.push_back({std::string{load_.bytes(0)}, std::string{load_.bytes(1)}});
    load_.reset();
    if (!row)
      return row.error();
    return found;
  }

  caf::error begin() override { return database_.execute("BEGIN IMMEDIATE"); }

  caf::error put(document_kind kind, const std::string& key, std::string_view body) override {
    auto failed = first_error(
        {put_.bind_text(1, name_of(kind)), put_.bind_text(2, key), put_.bind_blob(3, body)});
    return failed ? failed : put_.run();
  }

  caf::error erase(document_kind kind, const std::string& key) override {
    auto failed = first_error({erase_.bind_text(1, name_of(kind)), erase_.bind_text(2, key)});
    return failed ? failed : erase_.run();
  }

  caf::error commit() override { return database_.execute("COMMIT"); }

  void rollback() override {
    // SQLite rolls back by itself after some errors.
    if (database_.in_transaction())
      database_.execute("ROLLBACK");
  }

private:
  static caf::error first_error(std::initializer_list<caf::error> results) {
    for (const auto& result : results)
      if (result)
        return result;
    return {};
  }

  caf::error prepare(sqlite_statement& statement, std::string_view sql) {
    auto prepared = database_.prepare(sql);
    if (!prepared)
      return prepared.error();
    statement = std::move(*prepared);
    return {};
  }

  data_lock lock_;
  sqlite_database database_;
  sqlite_statement load_;
  sqlite_statement put_;
  sqlite_statement erase_;
};

/// SQLite would let everybody read it: it holds hashes of secrets. Its other files take after it.
void make_private(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file >= 0)
    ::close(file);
}

caf::error about(const std::filesystem::path& path, const caf::error& error) {
  return make_error(code_of(error), "cannot use " + path.string() + ": " + detail_of(error));
}

} // namespace

caf::expected<std::shared_ptr<storage>> open_database(const std::filesystem::path& directory) {
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure)
    return make_error(errc::unavailable, "cannot make the data directory " + directory.string()
                                             + ": " + failure.message());
  auto lock = data_lock::take(directory);
  if (!lock)
    return lock.error();
  const auto path = directory / "muster.db";
  make_private(path);
  auto database = sqlite_database::open(path.string());
  if (!database)
    return about(path, database.error());
  // Only then the settings: they write to the file.
  if (auto failed = migrate(*database, steps))
    return about(path, failed);
  if (auto failed = database->execute(settings))
    return about(path, failed);
  auto opened = std::make_shared<sqlite_storage>(std::move(*lock), std::move(*database));
  if (auto failed = opened->prepare())
    return about(path, failed);
  return std::shared_ptr<storage>{std::move(opened)};
}

} // namespace muster
