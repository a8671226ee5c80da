#pragma once

#include "messages/channel.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// A credential as an administrator sends it: the secret in the clear, or none to keep the old one.
struct credential_input {
  std::string username;
  std::optional<std::string> secret;
};

/// A definition as it came in: checked, but its new secrets are not hashed yet.
struct channel_edit {
  static constexpr auto type = "channel_edit";
  channel_definition definition;
  /// All credentials that the channel shall have; absent: they stay as they are.
  std::optional<std::vector<credential_input>> secrets;
};

/// Reads a whole definition from JSON, defaults for what is absent. `bad_request` names the field
/// that is unknown, of a wrong type or out of range.
caf::expected<channel_edit> parse_channel(std::string_view json);

/// `current` with an RFC 7396 merge patch; `null` puts a field back to its default.
caf::expected<channel_edit> patch_channel(const channel_definition& current,
                                          std::string_view patch);

/// Whether the fields are within their ranges and fit each other; the error names the field.
caf::error validate(const channel_definition& definition);

/// The definition without any secret, as the admin endpoint shows it: one JSON object. `extra` is
/// put at its end, members without braces, such as `"connections":3`; may be empty.
std::string to_json(const channel_definition& definition, std::string_view extra = {});

/// A version that changes with the definition, for ETag.
std::string etag_of(const channel_definition& definition);

} // namespace muster
