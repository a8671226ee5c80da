#pragma once

#include <string>
#include <string_view>

namespace muster {

/// 24 hex digits from the system's cryptographic generator.
std::string random_id();
/// Writes 24 hex digits to the end of `out`.
void append_random_id(std::string& out);

/// `prefix` and 24 hex digits that sort by the time of their making.
std::string timed_id(std::string_view prefix);

} // namespace muster
