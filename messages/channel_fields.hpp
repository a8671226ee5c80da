#pragma once

#include "messages/channel.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster {

/// A field of a channel as the admin endpoint and the dashboard show it.
struct channel_field {
  std::string_view name;
  /// `text`, `flag`, `seconds`, `count`, `choice`, `texts`, `lines`, or `object`.
  std::string_view kind;
  /// One sentence for the one who edits it.
  std::string_view what;
  /// For `choice`: separated by blanks.
  std::string_view choices = {};
};

/// All of them, in the order in which a channel shows them.
std::span<const channel_field> channel_fields();

std::string_view to_string(channel_security value);
std::string_view to_string(slow_consumer value);
std::string_view to_string(duplicate_policy value);

bool parse_choice(std::string_view text, channel_security& out);
bool parse_choice(std::string_view text, slow_consumer& out);
bool parse_choice(std::string_view text, duplicate_policy& out);

} // namespace muster
