#pragma once

#include "messages/channel_edit.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace muster {

/// How the credentials of a kind of security are called in JSON.
struct secret_names {
  channel_security owner;
  std::string_view list;
  std::string_view name;
  std::string_view secret;
};

inline constexpr secret_names basic_names{channel_security::basic, "credentials", "username",
                                          "secret"};
inline constexpr secret_names key_names{channel_security::api_key, "keys", "name", "key"};

/// Reads a whole list of credentials into `out.secrets`; an entry without its secret must be one of
/// the definition's.
caf::error read_secrets(const secret_names& names, const boost::json::value& value,
                        channel_edit& out);

} // namespace muster
