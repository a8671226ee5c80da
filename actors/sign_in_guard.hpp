#pragma once

#include "messages/time.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

namespace muster {

/// Slows down those who guess passwords: after five failures, a user name or an address has to
/// wait, twice as long after each further one. An attempt counts as failed until it has succeeded,
/// so that many at once gain nothing.
class sign_in_guard {
public:
  static constexpr int free_failures = 5;
  static constexpr duration longest_wait = std::chrono::seconds{60};
  /// So long after the last attempt everything is forgotten.
  static constexpr duration memory = std::chrono::minutes{15};
  /// More names and addresses than this are not kept in mind; the least recent are forgotten.
  static constexpr std::size_t max_entries = 20000;

  /// Zero: go ahead, and say `succeeded` when it was right. Else: how long to wait; not an attempt.
  duration attempt(const std::string& username, const std::string& address, deadline now);
  /// The name starts anew; of the address only this attempt is taken back.
  void succeeded(const std::string& username, const std::string& address);
  /// The password was never looked at.
  void not_tried(const std::string& username, const std::string& address);

  std::size_t size() const { return by_key_.size(); }

private:
  struct entry {
    std::string key;
    int failures = 0;
    deadline last{};
    deadline wait_until{};
  };
  using entries = std::list<entry>;

  duration wait_of(const std::string& key, deadline now) const;
  void count(const std::string& key, deadline now);
  void take_back(const std::string& key);
  void forget(const std::string& key);

  /// The most recent first.
  entries recent_;
  std::unordered_map<std::string, entries::iterator> by_key_;
};

} // namespace muster
