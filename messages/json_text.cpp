// JSON strings to text and back, and what counts as no data.

#include "messages/json_scan.hpp"
#include "messages/plain_text.hpp"

#include <algorithm>
#include <cstdint>

namespace muster {

namespace {

constexpr std::uint32_t replacement = 0xFFFD;

void append_code_point(std::string& out, std::uint32_t code) {
  const auto add = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
}

/// The value of `\uXXXX` at the start of `text`; more than 16 bits when it is not there.
std::uint32_t unit_at(std::string_view text) {
  if (text.size() < 6 || text[0] != '\\' || text[1] != 'u')
    return 0x10000;
  std::uint32_t value = 0;
  for (const auto digit : text.substr(2, 4)) {
    const auto letter = static_cast<std::uint32_t>(digit | 0x20);
    value =
        value << 4 | (digit <= '9' ? static_cast<std::uint32_t>(digit - '0') : letter - 'a' + 10);
  }
  return value;
}

bool is_high(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

/// Appends what the escape at the start of `text` stands for; returns its length.
std::size_t unescape_unit(std::string& out, std::string_view text) {
  const auto first = unit_at(text);
  if (!is_high(first)) {
    append_code_point(out, is_low(first) || first > 0xFFFF ? replacement : first);
    return 6;
  }
  const auto second = unit_at(text.substr(6));
  if (!is_low(second)) {
    append_code_point(out, replacement);
    return 6;
  }
  append_code_point(out, 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00));
  return 12;
}

char simple_escape(char letter) {
  switch (letter) {
  case 'b':
    return '\b';
  case 'f':
    return '\f';
  case 'n':
    return '\n';
  case 'r':
    return '\r';
  case 't':
    return '\t';
  default:
    return letter;
  }
}

void append_escaped(std::string& out, char byte) {
  constexpr auto hex = "0123456789abcdef";
  switch (byte) {
  case '"':
    out += "\\\"";
    break;
  case '\\':
    out += "\\\\";
    break;
  case '\n':
    out += "\\n";
    break;
  case '\r':
    out += "\\r";
    break;
  case '\t':
    out += "\\t";
    break;
  default:
    out += "\\u00";
    out += hex[byte >> 4 & 15];
    out += hex[byte & 15];
  }
}

bool only_blanks(std::string_view text) {
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

bool is_zero(std::string_view number) {
  const auto mantissa = number.substr(0, number.find_first_of("eE"));
  return mantissa.find_first_of("123456789") == std::string_view::npos;
}

} // namespace

bool json_string(std::string_view value, std::string& out) {
  out.clear();
  if (value.size() < 2 || value.front() != '"')
    return false;
  auto rest = value.substr(1, value.size() - 2);
  if (rest.find('\\') == std::string_view::npos) {
    out = rest;
    return true;
  }
  while (!rest.empty()) {
    const auto plain = std::min(rest.find('\\'), rest.size());
    out.append(rest.substr(0, plain));
    rest.remove_prefix(plain);
    if (rest.size() < 2)
      break;
    if (rest[1] == 'u') {
      rest.remove_prefix(std::min(unescape_unit(out, rest), rest.size()));
    } else {
      out += simple_escape(rest[1]);
      rest.remove_prefix(2);
    }
  }
  return true;
}

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  const auto* at = text.data();
  const auto* const end = at + text.size();
  while (at != end) {
    const auto* const stop = skip_plain(at, end);
    out.append(at, stop);
    at = stop;
    if (at == end)
      break;
    if (static_cast<unsigned char>(*at) < 0x80) {
      append_escaped(out, *at++);
    } else if (const auto length = utf8_length(at, end); length != 0) {
      out.append(at, length);
      at += length;
    } else {
      append_code_point(out, replacement);
      ++at;
    }
  }
  out += '"';
}

std::string quoted(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 2);
  append_json_string(out, text);
  return out;
}

bool is_empty_json(std::string_view value) {
  if (value.empty())
    return true;
  switch (value.front()) {
  case 'n':
  case 'f':
    return true;
  case 't':
    return false;
  case '"':
    return value.size() == 2;
  case '{':
  case '[':
    return only_blanks(value.substr(1, value.size() - 2));
  default:
    return is_zero(value);
  }
}

} // namespace muster
