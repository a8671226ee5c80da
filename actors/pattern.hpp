#pragma once

#include <string_view>

namespace muster {

/// Whether `text` as a whole matches; `*` in the pattern is any run of characters, also none, and
/// every other character is itself. Takes time in proportion to the two lengths.
bool matches(std::string_view pattern, std::string_view text);

} // namespace muster
