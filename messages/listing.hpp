#pragma once

#include "messages/attribute.hpp"
#include "messages/message.hpp"
#include "messages/selector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace muster {

/// A row that somebody is looking at, and how many stood before it then.
struct seen_row {
  std::string id;
  std::uint64_t at = 0;
};

/// A question to the roll: which connections, in what order, which page.
struct connection_query {
  static constexpr auto type = "connection_query";
  selector where;
  /// Exact; empty: any.
  std::string channel;
  /// Contains; empty: any.
  std::string client_id;
  const attribute* sort_by = nullptr;
  bool descending = true;
  std::uint32_t limit = 50;
  /// From the page before; empty: the first.
  std::string cursor;
  /// Instead of a cursor: how many rows stand before the page.
  std::optional<std::uint64_t> offset;
  /// With an offset: the first of them that is still in the list moves the page as far as it has
  /// moved itself.
  std::vector<seen_row> near;
};

/// One page of the roll.
struct connection_page {
  static constexpr auto type = "connection_page";
  std::vector<row_ptr> rows;
  /// How many match in all.
  std::uint64_t total = 0;
  std::string next_cursor;
  /// The roll's revision that the page was read from.
  std::uint64_t revision = 0;
  /// Where the page begins, when it was asked for by an offset.
  std::optional<std::uint64_t> offset;
};

} // namespace muster
