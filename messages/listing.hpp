#pragma once

#include "messages/attribute.hpp"
#include "messages/message.hpp"
#include "messages/selector.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace muster {

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
};

} // namespace muster
