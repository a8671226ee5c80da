#pragma once

#include "admin/call.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// A row of a list that is wholly at hand: what tells it from all others, and its JSON object.
struct list_item {
  std::string key;
  std::string json;
};

/// `limit`, between 1 and 1000; nothing when it is neither, and the call has failed.
std::optional<std::uint32_t> read_limit(admin_call& call);

/// Which field to sort by, and which way.
struct sort_order {
  std::string field;
  bool descending = false;
};
sort_order read_sort(const admin_call& call, std::string_view usual);

/// The names in `fields`; none when all are wanted.
std::vector<std::string> read_fields(const admin_call& call);

/// Answers with the page of `items` that the call asks for. `names` are the fields that rows have,
/// `usual` is the order when none is asked for, `searched` are the texts that `search` looks in.
void reply_list(admin_call& call, std::vector<list_item> items,
                const std::vector<std::string>& names, std::string_view usual,
                const std::vector<std::string>& searched = {});

/// A short list that is always answered whole, in the order that it has.
std::string whole_list(const std::vector<std::string>& items);

/// The end of every list: `],"total":…}` with what is known of the page.
void append_page_end(std::string& out, std::uint64_t total, std::string_view next_cursor,
                     std::optional<std::uint64_t> revision);

} // namespace muster
