#include "storage/database.hpp"

#include "messages/errc.hpp"
#include "storage/backup.hpp"
#include "storage/data_lock.hpp"
#include "storage/log_tables.hpp"
#include "storage/schema.hpp"
#include "storage/sqlite.hpp"
#include "storage/sqlite_log_reader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <system_error>

namespace muster {

namespace {

// The log ahead of the file may hold 16 MiB before it is carried over: pages of busy tables are
// then written there once for many commits. No memory map: a fault of the disk would be a signal.
constexpr const char* settings = R"sql(
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA wal_autocheckpoint = 4000;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16000;
  PRAGMA temp_store = MEMORY;
  PRAGMA foreign_keys = ON;
  PRAGMA trusted_schema = OFF;
)sql";

/// The file with all that is prepared for it.
struct tables {
  sqlite_database database;
  sqlite_statement load;
  sqlite_statement put;
  sqlite_statement erase;
  log_tables logs;

  caf::error prepare() {
    return first_error({
        database.prepare(load, "SELECT key, body FROM documents WHERE kind = ?1 ORDER BY key"),
        database.prepare(put, "INSERT INTO documents (kind, key, body) VALUES (?1, ?2, ?3)"
                              " ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body"),
        database.prepare(erase, "DELETE FROM documents WHERE kind = ?1 AND key = ?2"),
        logs.prepare(database),
    });
  }
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

caf::expected<std::unique_ptr<tables>> open_tables(const std::filesystem::path& path) {
  make_private(path);
  auto database = sqlite_database::open(path.string());
  if (!database)
    return about(path, database.error());
  auto opened = std::make_unique<tables>();
  opened->database = std::move(*database);
  // Only then the settings: they write to the file.
  if (auto failed = bring_up_to_date(opened->database))
    return about(path, failed);
  if (auto failed = opened->database.execute(settings))
    return about(path, failed);
  if (auto failed = opened->prepare())
    return about(path, failed);
  return opened;
}

class sqlite_storage final : public storage {
public:
  sqlite_storage(data_lock lock, std::unique_ptr<tables> opened, std::filesystem::path directory)
      : lock_{std::move(lock)}, directory_{std::move(directory)}, file_{std::move(opened)} {}

  caf::expected<std::vector<document>> load(document_kind kind) override {
    if (auto failed = be_open())
      return failed;
    auto& query = file_->load;
    const sqlite_use use{query};
    if (auto failed = query.bind_text(1, name_of(kind)))
      return failed;
    std::vector<document> found;
    auto row = query.step();
    for (; row && *row; row = query.step())
      found.push_back({std::string{query.bytes(0)}, std::string{query.bytes(1)}});
    if (!row)
      return row.error();
    return found;
  }

  caf::error begin() override {
    if (auto failed = be_open())
      return failed;
    file_->logs.forget_changes();
    return file_->database.execute("BEGIN IMMEDIATE");
  }

  caf::error put(document_kind kind, const std::string& key, std::string_view body) override {
    auto& put = file_->put;
    auto failed = first_error(
        {put.bind_text(1, name_of(kind)), put.bind_text(2, key), put.bind_blob(3, body)});
    return failed ? failed : put.run();
  }

  caf::error erase(document_kind kind, const std::string& key) override {
    auto& erase = file_->erase;
    auto failed = first_error({erase.bind_text(1, name_of(kind)), erase.bind_text(2, key)});
    return failed ? failed : erase.run();
  }

  caf::error append(std::uint32_t topic, const log_record& record) override {
    return file_->logs.append(topic, record);
  }
  caf::error erase_message(std::uint32_t topic, log_place where) override {
    return file_->logs.erase_message(topic, where);
  }
  caf::error trim(std::uint32_t topic, std::uint64_t up_to) override {
    return file_->logs.trim(topic, up_to);
  }
  caf::error put_subscription(std::uint32_t topic, const std::string& sub_key,
                              std::string_view body) override {
    return file_->logs.put_subscription(topic, sub_key, body);
  }
  caf::error erase_subscription(std::uint32_t topic, const std::string& sub_key) override {
    return file_->logs.erase_subscription(topic, sub_key);
  }
  caf::expected<bool> erase_log(std::uint32_t topic, std::uint32_t limit) override {
    return file_->logs.erase_log(topic, limit);
  }
  caf::expected<std::vector<expired_record>> expire(std::int64_t now_us,
                                                    std::uint32_t limit) override {
    return file_->logs.expire(now_us, limit);
  }

  caf::error commit() override {
    auto failed = file_->logs.write_changes();
    return failed ? failed : file_->database.execute("COMMIT");
  }

  void rollback() override {
    if (!file_)
      return;
    file_->logs.forget_changes();
    // SQLite rolls back by itself after some errors.
    if (file_->database.in_transaction())
      file_->database.execute("ROLLBACK");
    // A page that was read badly must not stay.
    file_->database.drop_cache();
  }

  caf::expected<std::shared_ptr<log_reader>> open_reader() override {
    return open_log_reader(path().string());
  }

  bool backup_waits() const override {
    std::error_code failure;
    return std::filesystem::exists(directory_ / waiting_name, failure);
  }

  caf::error take_up_backup() override {
    if (auto failed = be_open())
      return failed;
    if (auto failed = settle_log(file_->database))
      return failed;
    file_ = nullptr;
    auto kept = swap_in_backup(directory_);
    if (!kept) {
      be_open();
      return kept.error();
    }
    auto failed = be_open();
    if (failed) {
      swap_back(directory_, *kept);
      be_open();
    }
    return failed;
  }

private:
  std::filesystem::path path() const { return directory_ / database_name; }

  /// It is closed only when it could not be opened again.
  caf::error be_open() {
    if (file_)
      return {};
    auto opened = open_tables(path());
    if (!opened)
      return opened.error();
    file_ = std::move(*opened);
    return {};
  }

  data_lock lock_;
  const std::filesystem::path directory_;
  std::unique_ptr<tables> file_;
};

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
  auto opened = open_tables(directory / database_name);
  if (!opened)
    return opened.error();
  return std::shared_ptr<storage>{
      std::make_shared<sqlite_storage>(std::move(*lock), std::move(*opened), directory)};
}

} // namespace muster
