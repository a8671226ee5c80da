#pragma once

#include "messages/message.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace muster {

/// What an administrator may do; each role may all that the ones before it may.
enum class role : std::uint8_t { viewer, operator_, admin };

std::string_view to_string(role value);
std::optional<role> parse_role(std::string_view text);

/// One who signs in with a password.
struct user {
  static constexpr auto type = "user";
  std::string username;
  muster::role role = muster::role::viewer;
  /// argon2id.
  std::string password_hash;
  /// Microseconds since the epoch.
  std::int64_t created_at = 0;

  static constexpr auto fields = std::tuple{
      field{"username", &user::username}, field{"role", &user::role},
      field{"password_hash", &user::password_hash}, field{"created_at", &user::created_at}};
};

/// A token of the admin endpoint; only its hash is kept.
struct api_token {
  static constexpr auto type = "api_token";
  std::string id;
  std::string name;
  muster::role role = muster::role::viewer;
  /// SHA-256 in hex.
  std::string token_hash;
  std::int64_t created_at = 0;

  static constexpr auto fields = std::tuple{
      field{"id", &api_token::id}, field{"name", &api_token::name}, field{"role", &api_token::role},
      field{"token_hash", &api_token::token_hash}, field{"created_at", &api_token::created_at}};
};

} // namespace muster
