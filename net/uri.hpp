#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

/// `text` without its percent-encoding; `plus_is_blank` as in queries. Nothing when an escape is
/// broken or the result is not UTF-8.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

/// For one segment of a path.
std::string percent_encode(std::string_view text);

/// The segments of a path as they stand, without the first slash.
std::vector<std::string_view> split_path(std::string_view path);

/// `a=1&b=2`, decoded; nothing when an escape is broken.
std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(std::string_view query);

} // namespace muster
