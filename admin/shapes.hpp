#pragma once

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
};

/// The word for the kind that a field has in `channel_fields()` and `topic_fields()`.
std::string field_word(std::string_view kind);

/// What is done to connections and what came of it.
std::vector<shape> verb_shapes();
std::vector<shape> account_shapes();
std::vector<shape> server_shapes();
/// Topics, their messages and their subscriptions.
std::vector<shape> topic_shapes();

} // namespace muster
