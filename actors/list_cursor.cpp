#include "actors/list_cursor.hpp"

#include <array>

// cursor   = base64url( content checksum:u64 )
// content  = question:u64 ( 'K' key:u64 is_null:u8 text_length:u32 text id | 'F' list:u64 index:u32
// )

namespace muster {

namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// A cursor that we made is far smaller.
constexpr std::size_t max_length = 2048;

void put(std::string& out, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i)
    out += static_cast<char>(value >> (8 * i) & 0xFF);
}

/// Takes values off the front of a text.
struct reader {
  std::string_view rest;
  bool good = true;

  std::string_view bytes(std::size_t count) {
    if (count > rest.size()) {
      good = false;
      return {};
    }
    const auto taken = rest.substr(0, count);
    rest.remove_prefix(count);
    return taken;
  }
  std::uint64_t number(std::size_t count) {
    std::uint64_t value = 0;
    for (const char c : bytes(count))
      value = value << 8 | static_cast<unsigned char>(c);
    return value;
  }
};

std::string to_base64(std::string_view bytes) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(c);
    for (held += 8; held >= 6; held -= 6)
      out += alphabet[bits >> (held - 6) & 63U];
  }
  if (held > 0)
    out += alphabet[bits << (6 - held) & 63U];
  return out;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == alphabet.npos)
      return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xFF);
    }
  }
  // Left-over bits must be zero: a cursor has one spelling.
  if (held >= 6 || (bits & ((1U << held) - 1)) != 0)
    return std::nullopt;
  return out;
}

} // namespace

std::uint64_t fingerprint(std::string_view bytes, std::uint64_t basis) {
  for (const char c : bytes)
    basis = (basis ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return basis;
}

std::string to_text(const list_cursor& cursor) {
  std::string bytes;
  put(bytes, cursor.question, 8);
  if (const auto* keyset = std::get_if<keyset_position>(&cursor.position)) {
    bytes += 'K';
    put(bytes, keyset->key, 8);
    put(bytes, keyset->is_null ? 1 : 0, 1);
    put(bytes, keyset->text.size(), 4);
    bytes += keyset->text + keyset->id;
  } else {
    const auto& frozen = std::get<frozen_position>(cursor.position);
    bytes += 'F';
    put(bytes, frozen.list, 8);
    put(bytes, frozen.index, 4);
  }
  put(bytes, fingerprint(bytes), 8);
  return to_base64(bytes);
}

std::optional<list_cursor> parse_cursor(std::string_view text) {
  if (text.size() > max_length)
    return std::nullopt;
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() < 8)
    return std::nullopt;
  const auto content = std::string_view{*bytes}.substr(0, bytes->size() - 8);
  if (reader{std::string_view{*bytes}.substr(content.size())}.number(8) != fingerprint(content))
    return std::nullopt;
  reader in{content};
  list_cursor cursor;
  cursor.question = in.number(8);
  const auto kind = in.bytes(1);
  if (kind == "K") {
    keyset_position keyset;
    keyset.key = in.number(8);
    keyset.is_null = in.number(1) != 0;
    keyset.text = in.bytes(in.number(4));
    keyset.id = in.bytes(in.rest.size());
    cursor.position = std::move(keyset);
  } else if (kind == "F") {
    const auto list = in.number(8);
    const auto index = static_cast<std::uint32_t>(in.number(4));
    cursor.position = frozen_position{list, index};
  } else {
    return std::nullopt;
  }
  return in.good ? std::optional{std::move(cursor)} : std::nullopt;
}

} // namespace muster
