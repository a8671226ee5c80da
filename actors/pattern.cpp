#include "actors/pattern.hpp"

#include <cstring>

namespace muster {

namespace {

// Two-way search: never more than linear, unlike string_view::find.
const char* find(std::string_view text, std::string_view piece) {
  return static_cast<const char*>(memmem(text.data(), text.size(), piece.data(), piece.size()));
}

} // namespace

bool matches(std::string_view pattern, std::string_view text) {
  auto star = pattern.find('*');
  if (star == std::string_view::npos)
    return pattern == text;
  if (!text.starts_with(pattern.substr(0, star)))
    return false;
  text.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  // The leftmost place of each piece leaves the most for those behind it, so none is tried twice.
  while ((star = pattern.find('*')) != std::string_view::npos) {
    const auto piece = pattern.substr(0, star);
    pattern.remove_prefix(star + 1);
    if (piece.empty())
      continue;
    const auto* found = find(text, piece);
    if (!found)
      return false;
    text.remove_prefix(static_cast<std::size_t>(found - text.data()) + piece.size());
  }
  return text.ends_with(pattern);
}

} // namespace muster
