#include "storage/sqlite.hpp"

#include "messages/errc.hpp"

#include <sqlite3.h>

#include <limits>
#include <utility>

namespace muster {

namespace {

caf::error fault(sqlite3* database) {
  return make_error(errc::unavailable, sqlite3_errmsg(database));
}

caf::error check(sqlite3_stmt* statement, int result) {
  return result == SQLITE_OK ? caf::error{} : fault(sqlite3_db_handle(statement));
}

/// A path as SQLite takes it in a URI.
std::string uri_path(const std::string& path) {
  std::string out;
  for (const char letter : path)
    if (letter == '?' || letter == '#' || letter == '%')
      out += letter == '?' ? "%3f" : letter == '#' ? "%23" : "%25";
    else
      out += letter;
  return out;
}

/// Of a copy: 4 MiB.
constexpr int pages_at_once = 1000;

} // namespace

void sqlite_statement::finalize::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

caf::error sqlite_statement::bind_text(int index, std::string_view text) {
  return check(statement_.get(), sqlite3_bind_text64(statement_.get(), index, text.data(),
                                                     text.size(), SQLITE_STATIC, SQLITE_UTF8));
}

caf::error sqlite_statement::bind_blob(int index, std::string_view bytes) {
  // A null pointer would bind NULL, not the empty blob.
  const char* data = bytes.data() == nullptr ? "" : bytes.data();
  return check(statement_.get(),
               sqlite3_bind_blob64(statement_.get(), index, data, bytes.size(), SQLITE_STATIC));
}

caf::error sqlite_statement::bind_number(int index, std::int64_t number) {
  return check(statement_.get(), sqlite3_bind_int64(statement_.get(), index, number));
}

caf::expected<bool> sqlite_statement::step() {
  switch (sqlite3_step(statement_.get())) {
  case SQLITE_ROW:
    return true;
  case SQLITE_DONE:
    return false;
  default:
    return fault(sqlite3_db_handle(statement_.get()));
  }
}

caf::error sqlite_statement::run() {
  auto stepped = step();
  reset();
  return stepped ? caf::error{} : stepped.error();
}

void sqlite_statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
}

std::string_view sqlite_statement::bytes(int column) const {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
  const int size = sqlite3_column_bytes(statement_.get(), column);
  return data == nullptr ? std::string_view{}
                         : std::string_view(data, static_cast<std::size_t>(size));
}

std::int64_t sqlite_statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

void sqlite_database::close::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}

caf::expected<sqlite_database> sqlite_database::open(const std::string& path) {
  auto opened = open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  // SQLite is content to read where it may not write.
  if (opened && sqlite3_db_readonly(opened->database_.get(), "main") == 1)
    return make_error(errc::unavailable, "the file may not be written to");
  return opened;
}

caf::expected<sqlite_database> sqlite_database::open_to_read(const std::string& path) {
  return open(path, SQLITE_OPEN_READONLY);
}

caf::expected<sqlite_database> sqlite_database::open_unchanging(const std::string& path) {
  return open("file:" + uri_path(path) + "?immutable=1", SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
}

caf::expected<sqlite_database> sqlite_database::open(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int result = sqlite3_open_v2(path.c_str(), &raw,
                                     flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
  // Even a failed open gives a handle, which knows why and must be closed.
  sqlite_database opened;
  opened.database_.reset(raw);
  if (raw == nullptr)
    return make_error(errc::unavailable, "out of memory");
  if (result != SQLITE_OK)
    return fault(raw);
  sqlite3_busy_timeout(raw, 5000);
  return opened;
}

caf::expected<sqlite_statement> sqlite_database::prepare(std::string_view sql) {
  if (sql.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    return make_error(errc::internal, "a statement is too long");
  sqlite3_stmt* raw = nullptr;
  const int result = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (result != SQLITE_OK)
    return fault(database_.get());
  sqlite_statement prepared;
  prepared.statement_.reset(raw);
  return prepared;
}

caf::error sqlite_database::prepare(sqlite_statement& statement, std::string_view sql) {
  auto prepared = prepare(sql);
  if (!prepared)
    return prepared.error();
  statement = std::move(*prepared);
  return {};
}

caf::error sqlite_database::execute(const std::string& sql) {
  const int result = sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  return result == SQLITE_OK ? caf::error{} : fault(database_.get());
}

caf::expected<std::int64_t> sqlite_database::number(std::string_view sql) {
  auto query = prepare(sql);
  if (!query)
    return query.error();
  auto row = query->step();
  if (!row)
    return row.error();
  return *row ? query->number(0) : std::int64_t{0};
}

// The transaction keeps the moment: else every write would begin the copy anew.
caf::error sqlite_database::copy_from(sqlite_database& other, const copy_progress& progress) {
  if (auto failed = other.execute("BEGIN; SELECT count(*) FROM sqlite_schema"))
    return failed;
  auto failed = copy_pages(other, progress);
  other.execute("ROLLBACK");
  return failed;
}

caf::error sqlite_database::copy_pages(sqlite_database& other, const copy_progress& progress) {
  auto* const copying = sqlite3_backup_init(database_.get(), "main", other.database_.get(), "main");
  if (copying == nullptr)
    return fault(database_.get());
  int result = SQLITE_OK;
  while (result == SQLITE_OK) {
    result = sqlite3_backup_step(copying, pages_at_once);
    const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(copying));
    if (progress)
      progress(all - static_cast<std::uint64_t>(sqlite3_backup_remaining(copying)), all);
  }
  const int finished = sqlite3_backup_finish(copying);
  if (result == SQLITE_DONE && finished == SQLITE_OK)
    return {};
  return make_error(errc::unavailable, sqlite3_errstr(finished == SQLITE_OK ? result : finished));
}

bool sqlite_database::in_transaction() const {
  return sqlite3_get_autocommit(database_.get()) == 0;
}

void sqlite_database::drop_cache() {
  sqlite3_db_release_memory(database_.get());
}

} // namespace muster
