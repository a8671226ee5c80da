#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace muster {

/// Go on after the row with this key, in an order in which rows keep their places.
struct keyset_position {
  std::uint64_t key = 0;
  bool is_null = false;
  std::string text;
  std::string id;
};

/// Go on at this index of an order that was kept.
struct frozen_position {
  std::uint64_t list = 0;
  std::uint32_t index = 0;
};

/// Where a list goes on, and a hash of the question that it belongs to.
struct list_cursor {
  std::uint64_t question = 0;
  std::variant<keyset_position, frozen_position> position;
};

/// Opaque, in URL-safe base64, with a checksum.
std::string to_text(const list_cursor& cursor);
/// Nothing when it is not one of ours, or was tampered with.
std::optional<list_cursor> parse_cursor(std::string_view text);

/// FNV-1a, 64 bits: tells questions apart and finds damage, no more.
std::uint64_t fingerprint(std::string_view bytes, std::uint64_t basis = 0xcbf29ce484222325);

} // namespace muster
