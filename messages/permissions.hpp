#pragma once

#include <cstdint>
#include <string_view>

namespace muster {

enum class topic_right : std::uint8_t { publish, subscribe };

/// Whether the lines of a channel's `permissions` give the right to a topic: the first line of that
/// right whose pattern matches the whole name does. `*` is any run without `/`, `**` any run.
bool permits(std::string_view permissions, topic_right right, std::string_view topic_name);

/// Whether the whole name matches the pattern; in time proportional to the two lengths multiplied.
bool matches_topic(std::string_view pattern, std::string_view topic_name);

} // namespace muster
