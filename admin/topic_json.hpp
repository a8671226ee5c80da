#pragma once

#include "actors/interfaces.hpp"

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

// What the admin endpoint shows of topics, their messages and their subscriptions: one JSON object
// each.

/// `more` is put at its end, members without braces; may be empty.
std::string show(const topic_info& info, std::string_view more = {});
/// The members of that object.
std::vector<std::string> topic_row_names();

/// Of longer data only so many bytes, as a text: `data_begin`; `data` is null then.
std::string show(const publication& message,
                 std::size_t most_data = std::numeric_limits<std::size_t>::max());

std::string show(const subscription_info& info);
std::vector<std::string> subscription_row_names();

std::string show(const publisher_info& info);

} // namespace muster
