#pragma once

#include "messages/selector.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// The pieces of a selector's text.
struct selector_token {
  enum class kind : std::uint8_t { end, word, text, op, open, close, comma };
  kind what = kind::end;
  /// As it stands; for `text` without the quotes and escapes.
  std::string value;
  /// In bytes from the text's begin.
  std::size_t offset = 0;
};

/// How long a selector may be, in characters.
inline constexpr std::size_t max_selector_length = 4096;

/// Takes a text apart; the last token is the end. On failure `fault` is filled.
bool lex_selector(std::string_view text, std::vector<selector_token>& out, selector_fault& fault);

/// The 1-based column, in characters, of the byte at `offset`.
std::size_t column_of(std::string_view text, std::size_t offset);

} // namespace muster
