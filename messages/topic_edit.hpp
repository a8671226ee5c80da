#pragma once

#include "messages/described_field.hpp"
#include "messages/topic.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace muster {

using topic_field = described_field;

/// Those that can be given, in the order in which a topic shows them.
std::span<const topic_field> topic_fields();

std::string_view to_string(no_subscribers value);

/// Reads a whole definition from JSON, defaults for what is absent. `bad_request` names the field
/// that is unknown, of a wrong type or out of range.
caf::expected<topic_definition> parse_topic(std::string_view json);

/// `current` with an RFC 7396 merge patch; `null` puts a field back to its default.
caf::expected<topic_definition> patch_topic(const topic_definition& current,
                                            std::string_view patch);

/// The most that `max_message_bytes` of a topic can be.
inline constexpr std::uint64_t largest_topic_message = 67'108'864;

/// Whether `name` can be that of a topic: 1 to 200 bytes of UTF-8 without control characters,
/// blanks at its ends, and `*`.
bool is_topic_name(std::string_view name);

/// One JSON object; `extra` is put at its end, members without braces; may be empty.
std::string to_json(const topic_definition& definition, std::string_view extra = {});

/// A version that changes with the definition, for ETag.
std::string etag_of(const topic_definition& definition);

} // namespace muster
