#include "messages/permissions.hpp"

#include <algorithm>
#include <vector>

namespace muster {

namespace {

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

} // namespace

// A set of places in the pattern where one may stand, moved along letter by letter: no pattern,
// however it repeats its stars, takes longer than length times length.
bool matches_topic(std::string_view pattern, std::string_view topic_name) {
  // Most patterns are one of these two: nothing is allocated for them.
  if (pattern == "**")
    return true;
  if (pattern.find('*') == std::string_view::npos)
    return pattern == topic_name;
  const auto end = pattern.size();
  std::vector<char> here(end + 1);
  std::vector<char> next(end + 1);
  // Where a star may stand for nothing.
  const auto skip_stars = [&](std::vector<char>& places) {
    for (std::size_t i = 0; i < end; ++i)
      if (places[i] && pattern[i] == '*')
        places[i + 1] = 1;
  };
  here[0] = 1;
  skip_stars(here);
  for (const auto letter : topic_name) {
    std::fill(next.begin(), next.end(), 0);
    for (std::size_t i = 0; i < end; ++i) {
      if (!here[i])
        continue;
      if (pattern[i] != '*') {
        next[i + 1] |= static_cast<char>(pattern[i] == letter);
        continue;
      }
      // Two stars in a row take a slash as well; each of the two places knows the other.
      const bool two = (i + 1 < end && pattern[i + 1] == '*') || (i > 0 && pattern[i - 1] == '*');
      next[i] |= static_cast<char>(two || letter != '/');
    }
    skip_stars(next);
    here.swap(next);
  }
  return here[end] != 0;
}

bool permits(std::string_view permissions, topic_right right, std::string_view topic_name) {
  const std::string_view word = right == topic_right::publish ? "pub=" : "sub=";
  while (!permissions.empty()) {
    const auto length = std::min(permissions.find('\n'), permissions.size());
    const auto line = trim(permissions.substr(0, length));
    permissions.remove_prefix(std::min(length + 1, permissions.size()));
    if (line.starts_with(word) && matches_topic(trim(line.substr(word.size())), topic_name))
      return true;
  }
  return false;
}

} // namespace muster
