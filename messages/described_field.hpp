#pragma once

#include <string_view>

namespace muster {

/// A field of a definition, for the one who edits it.
struct described_field {
  std::string_view name;
  /// `text`, `flag`, `seconds`, `count`, `choice`, `texts`, `lines` (a text of many), or `object`.
  std::string_view kind;
  /// What it does, in words for people.
  std::string_view what;
  /// For `choice`: separated by blanks.
  std::string_view choices = {};
  /// False: it is given when the definition is made, and stays.
  bool editable = true;
};

/// Given when the definition is made, never changed after that.
inline constexpr bool fixed_for_life = false;

} // namespace muster
