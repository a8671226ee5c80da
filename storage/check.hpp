#pragma once

#include "storage/sqlite.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace muster {

/// How much there is in a database.
struct database_contents {
  std::uint64_t channels = 0;
  std::uint64_t topics = 0;
  std::uint64_t subscriptions = 0;
  std::uint64_t messages = 0;
  std::uint64_t users = 0;
  std::uint64_t tokens = 0;
};

/// What came of looking at stored records, each of which has a checksum.
struct records_checked {
  std::uint64_t looked_at = 0;
  /// How many there are.
  std::uint64_t all = 0;
  std::uint64_t damaged_documents = 0;
  std::uint64_t damaged_subscriptions = 0;
  std::uint64_t damaged_messages = 0;
  /// The first of them, in words.
  std::vector<std::string> damaged;
};

using check_progress = std::function<void(std::uint64_t done, std::uint64_t all)>;

/// Opens a database to look at it, whether or not somebody writes to it; changes nothing.
caf::expected<sqlite_database> open_to_check(const std::filesystem::path& file);

caf::expected<database_contents> count_contents(sqlite_database& database);

/// What is wrong with the file's pages, by SQLite's own check, a line each; `thorough`: with what
/// its indexes say. Empty: nothing.
caf::expected<std::vector<std::string>> find_faults(sqlite_database& database, bool thorough);

/// Reads all documents and subscriptions, and messages, the newest first, until all are through or
/// the time is over. Keeps nobody from writing.
caf::expected<records_checked> check_records(sqlite_database& database,
                                             std::chrono::steady_clock::duration at_most,
                                             const check_progress& progress);

} // namespace muster
