#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace muster {

/// The first of the results that is an error.
inline caf::error first_error(std::initializer_list<caf::error> results) {
  for (const auto& result : results)
    if (result)
      return result;
  return {};
}

/// A prepared statement of SQLite. Errors are `unavailable` with SQLite's own words. The database
/// that prepared it must outlive it.
class sqlite_statement {
public:
  sqlite_statement() = default;

  /// Binds the 1-based parameter. The bytes must stay until the next reset().
  caf::error bind_text(int index, std::string_view text);
  caf::error bind_blob(int index, std::string_view bytes);
  caf::error bind_number(int index, std::int64_t number);

  /// Goes to the next row; false when there is none.
  caf::expected<bool> step();
  /// Runs a statement that gives no rows and makes it ready for the next time.
  caf::error run();
  void reset();

  /// The column, 0-based, of the current row; good until the next step or reset.
  std::string_view bytes(int column) const;
  std::int64_t number(int column) const;

private:
  friend class sqlite_database;
  struct finalize {
    void operator()(sqlite3_stmt* statement) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, finalize> statement_;
};

/// One use of a statement. When it ends the statement is ready for the next, and what it read is
/// let go of: a read that stays open would keep the write-ahead log from being taken over.
class sqlite_use {
public:
  explicit sqlite_use(sqlite_statement& what) : what_{what} {}
  ~sqlite_use() { what_.reset(); }
  sqlite_use(const sqlite_use&) = delete;
  sqlite_use& operator=(const sqlite_use&) = delete;

private:
  sqlite_statement& what_;
};

using copy_progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// One connection to an SQLite file; for one thread at a time.
class sqlite_database {
public:
  /// Opens the file, or makes it.
  static caf::expected<sqlite_database> open(const std::string& path);
  /// Opens a file that is there, never to write to it.
  static caf::expected<sqlite_database> open_to_read(const std::string& path);
  /// The same for a file that nobody changes meanwhile; leaves no traces beside it.
  static caf::expected<sqlite_database> open_unchanging(const std::string& path);

  caf::expected<sqlite_statement> prepare(std::string_view sql);
  caf::error prepare(sqlite_statement& statement, std::string_view sql);
  /// Runs one or more statements without parameters.
  caf::error execute(const std::string& sql);
  /// The number that a query gives in the first column of its first row.
  caf::expected<std::int64_t> number(std::string_view sql);
  bool in_transaction() const;
  /// Puts all of another database in the place of what is here, as it is at one moment, however
  /// much is written to it meanwhile. `progress` hears now and then how many pages are through.
  caf::error copy_from(sqlite_database& other, const copy_progress& progress);
  /// Forgets pages that were read, so that they are read anew.
  void drop_cache();

private:
  static caf::expected<sqlite_database> open(const std::string& path, int flags);
  caf::error copy_pages(sqlite_database& other, const copy_progress& progress);
  struct close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, close> database_;
};

} // namespace muster
