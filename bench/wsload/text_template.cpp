#include "bench/wsload/text_template.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace muster::bench {
namespace {

constexpr std::array<std::uint8_t, 256> digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  for (std::uint8_t i = 0; i < 10; ++i)
    values[std::size_t{'0'} + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i)
    values[std::size_t{'a'} + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}();

void put_number(std::string& out, std::uint64_t n) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, n).ptr;
  out.append(digits, static_cast<std::size_t>(end - digits));
}

std::string json_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& text : texts)
    out += (out.empty() ? "\"" : ",\"") + text + '"';
  return "[" + out + "]";
}

} // namespace

void put_marker(std::string& out, std::int64_t sent_at) {
  const auto time = static_cast<std::uint64_t>(sent_at);
  out += marker_tag;
  for (int shift = 60; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(time >> shift) & 15];
}

std::int64_t marker_time(const char* digits) {
  std::uint64_t time = 0;
  for (int i = 0; i < 16; ++i)
    time = time << 4 | digit_values[static_cast<std::uint8_t>(digits[i])];
  return static_cast<std::int64_t>(time);
}

text_template::text_template(std::string_view text, const options& settings) {
  const auto marker = static_cast<int>(marker_size);
  const std::string pad(static_cast<std::size_t>(std::max(0, settings.size - marker)), 'x');
  std::string literal;
  const auto place = [&](kind what) {
    if (!literal.empty())
      segments_.push_back({kind::literal, literal});
    literal.clear();
    if (what != kind::literal)
      segments_.push_back({what, {}});
  };
  const auto is = [&](std::string_view name) {
    const bool there = text.starts_with(name);
    if (there)
      text.remove_prefix(name.size());
    return there;
  };
  while (!text.empty()) {
    if (is("{i}")) {
      place(kind::i);
    } else if (is("{id}")) {
      place(kind::id);
    } else if (is("{ts}")) {
      place(kind::ts);
    } else if (is("{cap}")) {
      place(kind::cap);
    } else if (is("{rid}")) {
      place(kind::rid);
    } else if (is("{target}")) {
      place(kind::target);
    } else if (is("{data}")) {
      place(kind::ts);
      literal += pad;
    } else if (is("{pad}")) {
      literal += pad;
    } else if (is("{topic}")) {
      literal += settings.topic;
    } else if (is("{topics}")) {
      literal += json_list(settings.topics());
    } else {
      literal += text.front();
      text.remove_prefix(1);
    }
  }
  place(kind::literal);
}

void text_template::render(std::string& out, const template_values& values) const {
  for (const auto& part : segments_) {
    switch (part.what) {
    case kind::literal:
      out += part.text;
      break;
    case kind::i:
      put_number(out, values.i);
      break;
    case kind::id:
      put_number(out, values.id);
      break;
    case kind::ts:
      put_marker(out, values.sent_at);
      break;
    case kind::cap:
      out += values.cap;
      break;
    case kind::rid:
      out += values.rid;
      break;
    case kind::target:
      out += values.target;
      break;
    }
  }
}

std::string_view after(std::string_view text, std::string_view prefix) {
  const auto at = text.find(prefix);
  if (at == std::string_view::npos)
    return {};
  text.remove_prefix(at + prefix.size());
  return text.substr(0, text.find_first_of("\",}]"));
}

} // namespace muster::bench
