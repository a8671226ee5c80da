#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <variant>

namespace muster {

/// A whole number stays exact.
using number = std::variant<std::int64_t, double>;

/// `10`, `-1`, `2.5`, and sizes: `10KB`, `1MiB`, `1.5GiB`.
std::optional<number> parse_number(std::string_view text);

/// `10m`, `1h30m`, `500ms`, `2d`, `1.5h`; at most a hundred years.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

/// Whether the whole text fits the pattern: `*` is any characters, `?` one. Linear in practice.
bool matches_glob(std::string_view pattern, std::string_view text);

} // namespace muster
