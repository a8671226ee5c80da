#pragma once

#include "messages/operation.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace muster {

/// What was asked of clients and what came of it, for an hour, bounded in number and in bytes. When
/// room is needed those that finished first are dropped; running ones never are, but their data.
class operation_book {
public:
  static constexpr std::size_t max_operations = 10000;
  static constexpr std::size_t max_bytes = 64 * 1024 * 1024;
  static constexpr duration lifetime = std::chrono::hours{1};

  /// False when it is full of operations that are still running.
  bool add(operation item, deadline now);
  /// Null when there is none (any more); good until the next change.
  const operation* find(const std::string& id, deadline now);

  void add_outcomes(const std::string& id, std::vector<operation_outcome> outcomes);
  /// An answer that came after its timeout. It may be told before the timeout itself is.
  void add_late(const std::string& id, operation_outcome late);
  void cancel(const std::string& id);
  void finish(const std::string& id, timestamp at, deadline now);

  std::size_t size() const { return records_.size(); }
  std::size_t bytes() const { return bytes_; }

private:
  struct record {
    operation item;
    std::size_t bytes = 0;
    bool finished = false;
    deadline drop_at{};
    /// Connection id -> place among the outcomes; made as far as it was needed.
    std::unordered_map<std::string, std::size_t> places;
    std::size_t placed = 0;
    std::unordered_map<std::string, operation_outcome> early_lates;
  };

  record* find_record(const std::string& id);
  void drop_oldest();
  void drop_expired(deadline now);
  /// Makes room for the outcome, or takes its data away.
  void weigh(record& into, operation_outcome& outcome);
  operation_outcome* outcome_of(record& in, const std::string& connection_id);
  void put_late(record& in, operation_outcome& timed_out, operation_outcome late);

  std::unordered_map<std::string, record> records_;
  /// Ids in the order of their end.
  std::deque<std::string> finished_;
  std::size_t bytes_ = 0;
};

} // namespace muster
