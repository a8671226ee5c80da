#pragma once

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace muster {

/// A prepared statement of SQLite. Errors are `unavailable` with SQLite's own words. The database
/// that prepared it must outlive it.
class sqlite_statement {
public:
  sqlite_statement() = default;

  /// Binds the 1-based parameter. The bytes must stay until the next reset().
  caf::error bind_text(int index, std::string_view text);
  caf::error bind_blob(int index, std::string_view bytes);

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

/// One connection to an SQLite file; for one thread at a time.
class sqlite_database {
public:
  /// Opens the file, or makes it.
  static caf::expected<sqlite_database> open(const std::string& path);

  caf::expected<sqlite_statement> prepare(std::string_view sql);
  /// Runs one or more statements without parameters.
  caf::error execute(const std::string& sql);
  /// The number that a query gives in the first column of its first row.
  caf::expected<std::int64_t> number(std::string_view sql);
  bool in_transaction() const;

private:
  struct close {
    void operator()(sqlite3* database) const noexcept;
  };
  std::unique_ptr<sqlite3, close> database_;
};

} // namespace muster
