#include "messages/literal.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace muster {

namespace {

using unit = std::pair<std::string_view, double>;

constexpr std::array<unit, 12> sizes{{{"B", 1},
                                      {"KB", 1e3},
                                      {"kB", 1e3},
                                      {"MB", 1e6},
                                      {"GB", 1e9},
                                      {"TB", 1e12},
                                      {"PB", 1e15},
                                      {"KiB", 0x1p10},
                                      {"MiB", 0x1p20},
                                      {"GiB", 0x1p30},
                                      {"TiB", 0x1p40},
                                      {"PiB", 0x1p50}}};

// Longer units first where one begins with another.
constexpr std::array<unit, 8> spans{{{"ns", 1},
                                     {"us", 1e3},
                                     {"ms", 1e6},
                                     {"s", 1e9},
                                     {"m", 60e9},
                                     {"h", 3600e9},
                                     {"d", 86400e9},
                                     {"w", 604800e9}}};

/// Takes digits with an optional fraction off the front.
std::optional<double> take_decimal(std::string_view& text) {
  const auto is_part = [](char c) { return (c >= '0' && c <= '9') || c == '.'; };
  const auto length =
      static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_part) - text.begin());
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + length, value);
  if (error != std::errc{} || end != text.data() + length)
    return std::nullopt;
  text.remove_prefix(length);
  return value;
}

/// Where a wildcard last began to take characters, to take one more.
std::size_t next_character(std::string_view text, std::size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80)
    ++at;
  return at;
}

} // namespace

std::optional<number> parse_number(std::string_view text) {
  const auto* begin = text.data();
  const auto* end = begin + text.size();
  std::int64_t whole = 0;
  if (const auto [stop, error] = std::from_chars(begin, end, whole);
      error == std::errc{} && stop == end)
    return whole;
  double value = 0;
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error != std::errc{} || !std::isfinite(value))
    return std::nullopt;
  if (stop == end)
    return value;
  const std::string_view rest{stop, static_cast<std::size_t>(end - stop)};
  const auto size = std::find_if(sizes.begin(), sizes.end(),
                                 [&](const unit& each) { return each.first == rest; });
  if (size == sizes.end())
    return std::nullopt;
  value *= size->second;
  if (value == std::floor(value) && std::abs(value) < 0x1p53)
    return static_cast<std::int64_t>(value);
  return value;
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  constexpr double century = 100 * 365.25 * 86400e9;
  double total = 0;
  if (text.empty())
    return std::nullopt;
  while (!text.empty()) {
    const auto value = take_decimal(text);
    const auto* which = std::find_if(
        spans.begin(), spans.end(), [&](const unit& each) { return text.starts_with(each.first); });
    if (!value || which == spans.end())
      return std::nullopt;
    text.remove_prefix(which->first.size());
    total += *value * which->second;
  }
  if (!(total <= century))
    return std::nullopt;
  return std::chrono::nanoseconds{static_cast<std::int64_t>(std::llround(total))};
}

bool matches_glob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  auto star = pattern.npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == '?') {
      ++p;
      t = next_character(text, t);
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != pattern.npos) {
      // The last star takes one character more.
      p = star + 1;
      t = resume = next_character(text, resume);
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == pattern.npos;
}

} // namespace muster
