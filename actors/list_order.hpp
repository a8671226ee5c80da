#pragma once

#include "actors/roll.hpp"
#include "messages/attribute.hpp"

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace muster {

/// A row on its way into a list, with what it is sorted by.
struct list_candidate {
  /// Orders numbers and times; of a text its first eight bytes.
  std::uint64_t key = 0;
  /// The whole text where it is sorted by one.
  std::string_view text;
  std::string_view id;
  roll_ticket ticket;
  bool is_null = false;
};

/// An order of rows: by one attribute, null last whichever the direction, equal ones by their id.
class list_order {
public:
  list_order(const attribute& sort_by, bool descending);

  /// Whether a row keeps its place while it lives.
  bool is_fixed() const { return by_->fixed; }

  /// Texts that the row does not hold itself are kept in the order.
  list_candidate rank(const roll_entry& entry, roll_ticket ticket, timestamp now);

  bool operator()(const list_candidate& a, const list_candidate& b) const {
    if (a.is_null != b.is_null)
      return b.is_null;
    if (a.key != b.key)
      return (a.key < b.key) != descending_;
    if (const auto order = a.text.compare(b.text); order != 0)
      return (order < 0) != descending_;
    return a.id < b.id;
  }

private:
  void rank_text(list_candidate& out, std::string_view text);

  const attribute* by_;
  bool descending_;
  std::deque<std::string> texts_;
};

/// The first eight bytes of a text as a number that orders like it.
std::uint64_t leading_bytes(std::string_view text);

} // namespace muster
