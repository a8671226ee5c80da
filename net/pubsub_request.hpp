#pragma once

#include "net/http.hpp"

#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

enum class pubsub_verb : std::uint8_t { publish, pull, subscribe, unsubscribe };

/// What the first line of a request asks for.
struct pubsub_target {
  pubsub_verb verb{};
  /// What the topic may be called: the name as it stands, then with a slash before it.
  std::vector<std::string> names;
  /// The channel, where the request names it.
  std::string channel;
};

/// The methods that a path takes, as in `Allow`; empty: there is nothing at this path.
std::string_view pubsub_methods(std::string_view path);

/// `not_found`, `method_not_allowed`, `bad_request`.
caf::expected<pubsub_target> read_pubsub_target(const http_request& request);

/// What a caller shows to be let in: a user name with its secret, a key, both or nothing.
struct http_credentials {
  struct login {
    std::string username;
    std::string secret;
  };
  std::optional<login> basic;
  std::string key;
};

http_credentials read_credentials(const http_request& request);

/// How many messages a pull may take; `bad_request` when the body says it wrongly.
caf::expected<std::uint32_t> read_pull_limit(std::string_view body);

/// Nothing, or what is wrong with a body that must be a JSON object.
caf::error check_object(std::string_view body);

} // namespace muster
