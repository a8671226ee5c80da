#include "cli/text.hpp"

#include <spdlog/fmt/fmt.h>

#include <array>
#include <cctype>

namespace muster {
namespace {

struct code_point {
  char32_t value = 0;
  /// Bytes that it took; 0 when these are no UTF-8.
  std::size_t length = 0;
};

code_point first_of(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const unsigned lead = byte(0);
  if (lead < 0x80)
    return {lead, 1};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
    return {};
  char32_t value = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0u) != 0x80)
      return {};
    value = (value << 6) | (byte(i) & 0x3Fu);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  return value < least[length] || surrogate || value > 0x10FFFF ? code_point{}
                                                                : code_point{value, length};
}

struct range {
  char32_t first;
  char32_t last;
};

template <std::size_t N>
bool is_in(char32_t value, const std::array<range, N>& ranges) {
  for (const auto& [first, last] : ranges)
    if (value >= first && value <= last)
      return true;
  return false;
}

bool is_harmful(char32_t value) {
  static constexpr std::array<range, 13> ranges{{{0, 0x1F},
                                                 {0x7F, 0x9F},
                                                 {0xAD, 0xAD},
                                                 {0x61C, 0x61C},
                                                 {0x180E, 0x180E},
                                                 {0x200B, 0x200F},
                                                 {0x2028, 0x202E},
                                                 {0x2060, 0x206F},
                                                 {0xFEFF, 0xFEFF},
                                                 {0xFFF9, 0xFFFB},
                                                 {0xE000, 0xF8FF},
                                                 {0xE0000, 0xE0FFF},
                                                 {0xF0000, 0x10FFFF}}};
  return is_in(value, ranges);
}

std::size_t columns_of(char32_t value) {
  static constexpr std::array<range, 6> combining{{{0x300, 0x36F},
                                                   {0x483, 0x489},
                                                   {0x1AB0, 0x1AFF},
                                                   {0x1DC0, 0x1DFF},
                                                   {0x20D0, 0x20FF},
                                                   {0xFE00, 0xFE0F}}};
  static constexpr std::array<range, 11> wide{{{0x1100, 0x115F},
                                               {0x2E80, 0x303E},
                                               {0x3041, 0xA4CF},
                                               {0xAC00, 0xD7A3},
                                               {0xF900, 0xFAFF},
                                               {0xFE30, 0xFE6F},
                                               {0xFF00, 0xFF60},
                                               {0xFFE0, 0xFFE6},
                                               {0x1F300, 0x1F64F},
                                               {0x1F680, 0x1FAFF},
                                               {0x20000, 0x3FFFD}}};
  return is_in(value, combining) ? 0 : is_in(value, wide) ? 2 : 1;
}

} // namespace

std::string harmless(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const auto point = first_of(text);
    const auto length = point.length == 0 ? 1 : point.length;
    if (point.length == 0)
      out += "\uFFFD";
    else if (is_harmful(point.value))
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
    else
      out += text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const auto point = first_of(text);
    columns += point.length == 0 ? 1 : columns_of(point.value);
    text.remove_prefix(point.length == 0 ? 1 : point.length);
  }
  return columns;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns)
    return std::string{text};
  std::size_t taken = 0;
  for (std::size_t used = 0; taken < text.size();) {
    const auto point = first_of(text.substr(taken));
    used += point.length == 0 ? 1 : columns_of(point.value);
    if (used + 1 > columns)
      break;
    taken += point.length == 0 ? 1 : point.length;
  }
  return std::string{text.substr(0, taken)} + "…";
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (std::isalnum(static_cast<unsigned char>(c))
        || std::string_view{"-._~"}.find(c) != std::string_view::npos)
      out += c;
    else
      out += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

} // namespace muster
