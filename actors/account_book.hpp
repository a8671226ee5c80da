#pragma once

#include "messages/account.hpp"

#include <caf/error.hpp>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster {

/// Whether it will do; the error names the field.
caf::error check_username(std::string_view name);
caf::error check_password(std::string_view password);
caf::error check_token_name(std::string_view name);
caf::error check_given_token(std::string_view token);

/// Users and tokens as they are in the store.
class account_book {
public:
  static constexpr std::size_t max_users = 10000;
  static constexpr std::size_t max_tokens = 10000;

  /// Adds it, or puts it in the place of the one with its name or id.
  void put(user item);
  void put(api_token item);
  void erase_user(const std::string& name) { users_.erase(name); }
  void erase_token(const std::string& id);

  /// Null when there is none; good until the next change.
  const user* find_user(const std::string& name) const;
  const api_token* find_token(const std::string& id) const;
  const api_token* find_token_named(std::string_view name) const;
  /// By the token itself. Takes equally long for any token that is not there.
  const api_token* find_token_of(const std::string& token) const;

  bool full_of_users() const { return users_.size() >= max_users; }
  bool full_of_tokens() const { return tokens_.size() >= max_tokens; }

  /// In the order of their names, without what is secret.
  std::vector<user> users() const;
  std::vector<api_token> tokens() const;

  /// Whether an administrator could get in if only those counted that `counts` is true for.
  bool admin_remains(const std::function<bool(const user&)>& user_counts,
                     const std::function<bool(const api_token&)>& token_counts) const;

private:
  std::map<std::string, user> users_;
  std::map<std::string, api_token> tokens_;
  /// Hash -> id.
  std::unordered_map<std::string, std::string> by_hash_;
};

} // namespace muster
