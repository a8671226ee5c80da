#pragma once

#include "messages/described_field.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

/// The shape of an answer for OpenAPI: members and the words for their types. These are those of
/// JSON schema; `time`; `any`; a question mark behind for what may be null; `[]` behind for an
/// array; `#NAME` for another shape.
struct shape {
  using members = std::vector<std::pair<std::string, std::string>>;
  std::string name;
  members of;
  /// What members mean, of those that need a word.
  std::map<std::string, std::string_view> about = {};
};

/// The word for the kind that a field has in `channel_fields()` and `topic_fields()`.
std::string field_word(std::string_view kind);

/// Adds the members that stand for fields of a definition.
void add_fields(shape& to, std::span<const described_field> fields);

/// What is done to connections and what came of it.
std::vector<shape> verb_shapes();
std::vector<shape> account_shapes();
std::vector<shape> server_shapes();
/// Topics, their messages and their subscriptions.
std::vector<shape> topic_shapes();

} // namespace muster
