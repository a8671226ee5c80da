#pragma once

#include "actors/roll.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <random>
#include <vector>

namespace muster {

/// The rows of a list in the order that they had when it began, for those who page through it while
/// the order changes. Bounded: the oldest give way.
class frozen_lists {
public:
  static constexpr std::size_t max_lists = 16;
  static constexpr duration lifetime = std::chrono::minutes{10};
  /// Of all lists together: eight bytes each.
  static constexpr std::size_t max_rows = 4'000'000;

  struct frozen {
    std::uint64_t id = 0;
    deadline until{};
    /// How many matched when it began.
    std::uint64_t total = 0;
    std::vector<roll_ticket> rows;
  };

  /// Keeps the list; the answer is its id.
  std::uint64_t keep(std::vector<roll_ticket> rows, std::uint64_t total, deadline now);
  /// Null when it has given way.
  const frozen* find(std::uint64_t id, deadline now);
  void clear() {
    lists_.clear();
    rows_ = 0;
  }
  std::size_t size() const { return lists_.size(); }

private:
  void expire(deadline now);

  std::list<frozen> lists_;
  std::size_t rows_ = 0;
  // Ids that no other lister has given out, so that a stranger's cursor is an expired one.
  std::mt19937_64 ids_{std::random_device{}()};
};

} // namespace muster
