#pragma once

#include "actors/storage.hpp"
#include "storage/sqlite.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster {

/// The tables of topics' logs: a migration step.
extern const char* const log_schema;

/// Every lane of a log, for `lane IN`.
inline constexpr const char* all_lanes = "(0, 1, 2, 3, 4, 5, 6, 7, 8)";

/// A sequence as SQLite can keep it; what is beyond that is behind all messages anyway.
std::int64_t stored_seq(std::uint64_t seq);

/// Writes topics' logs, within the transactions of another. The heads of logs, which count what is
/// in them, are written once a transaction, by `write_changes`.
class log_tables {
public:
  caf::error prepare(sqlite_database& database);

  caf::error append(std::uint32_t topic, const log_record& record);
  caf::error erase_message(std::uint32_t topic, log_place where);
  caf::error trim(std::uint32_t topic, std::uint64_t up_to);
  caf::error put_subscription(std::uint32_t topic, const std::string& sub_key,
                              std::string_view body);
  caf::error erase_subscription(std::uint32_t topic, const std::string& sub_key);
  caf::expected<bool> erase_log(std::uint32_t topic, std::uint32_t limit);
  caf::expected<std::vector<expired_record>> expire(std::int64_t now_us, std::uint32_t limit);

  /// The last write of a transaction.
  caf::error write_changes();
  /// The transaction begins, or is given up.
  void forget_changes() { changes_.clear(); }

private:
  /// What a transaction does to a head.
  struct change {
    std::uint64_t last_seq = 0;
    std::int64_t messages = 0;
    std::int64_t bytes = 0;
    std::int64_t last_published_us = 0;
  };

  /// Runs a deletion that gives the size of each message; says how many they were.
  caf::expected<std::uint64_t> erase_by(sqlite_statement& erasing, std::uint32_t topic);
  caf::error erase_rest(std::uint32_t topic);
  caf::error write_change(std::uint32_t topic, const change& what);

  std::unordered_map<std::uint32_t, change> changes_;
  sqlite_statement append_;
  sqlite_statement erase_;
  sqlite_statement trim_;
  sqlite_statement erase_some_;
  sqlite_statement expire_;
  sqlite_statement put_subscription_;
  sqlite_statement erase_subscription_;
  sqlite_statement erase_subscriptions_;
  sqlite_statement change_head_;
  sqlite_statement erase_head_;
};

} // namespace muster
