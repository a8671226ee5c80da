#pragma once

#include "messages/channel.hpp"
#include "messages/described_field.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace muster {

using channel_field = described_field;

/// All of them, in the order in which a channel shows them.
std::span<const channel_field> channel_fields();

std::string_view to_string(channel_security value);
std::string_view to_string(slow_consumer value);
std::string_view to_string(duplicate_policy value);

bool parse_choice(std::string_view text, channel_security& out);
bool parse_choice(std::string_view text, slow_consumer& out);
bool parse_choice(std::string_view text, duplicate_policy& out);

} // namespace muster
