#include "actors/account_book.hpp"

#include "messages/errc.hpp"
#include "messages/secret.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

constexpr std::size_t max_name = 64;
constexpr std::size_t min_password = 8;
constexpr std::size_t max_password = 1024;
constexpr std::size_t min_token = 16;
constexpr std::size_t max_token = 1024;

bool in_username(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.'
         || c == '_' || c == '@' || c == '-';
}

bool in_token_name(char c) {
  return c >= ' ' && c <= '~';
}

bool in_token(char c) {
  return c > ' ' && c <= '~';
}

} // namespace

caf::error check_username(std::string_view name) {
  if (name.empty() || name.size() > max_name || !std::all_of(name.begin(), name.end(), in_username))
    return make_error(errc::bad_request, "username: 1 to 64 of A-Z a-z 0-9 . _ @ - are needed");
  return {};
}

caf::error check_password(std::string_view password) {
  if (password.size() < min_password || password.size() > max_password)
    return make_error(errc::bad_request, "password: 8 to 1024 bytes are needed");
  return {};
}

caf::error check_token_name(std::string_view name) {
  if (name.empty() || name.size() > max_name || name.front() == ' ' || name.back() == ' '
      || !std::all_of(name.begin(), name.end(), in_token_name))
    return make_error(errc::bad_request,
                      "name: 1 to 64 printable ASCII characters are needed, without blanks around");
  return {};
}

caf::error check_given_token(std::string_view token) {
  if (token.size() < min_token || token.size() > max_token
      || !std::all_of(token.begin(), token.end(), in_token))
    return make_error(errc::bad_request,
                      "token: 16 to 1024 printable ASCII characters without blanks are needed");
  return {};
}

void account_book::put(user item) {
  auto key = item.username;
  users_.insert_or_assign(std::move(key), std::move(item));
}

void account_book::put(api_token item) {
  erase_token(item.id);
  by_hash_[item.token_hash] = item.id;
  auto key = item.id;
  tokens_.insert_or_assign(std::move(key), std::move(item));
}

void account_book::erase_token(const std::string& id) {
  const auto found = tokens_.find(id);
  if (found == tokens_.end())
    return;
  by_hash_.erase(found->second.token_hash);
  tokens_.erase(found);
}

const user* account_book::find_user(const std::string& name) const {
  const auto found = users_.find(name);
  return found == users_.end() ? nullptr : &found->second;
}

const api_token* account_book::find_token(const std::string& id) const {
  const auto found = tokens_.find(id);
  return found == tokens_.end() ? nullptr : &found->second;
}

const api_token* account_book::find_token_named(std::string_view name) const {
  for (const auto& [id, item] : tokens_)
    if (item.name == name)
      return &item;
  return nullptr;
}

const api_token* account_book::find_token_of(const std::string& token) const {
  // What the lookup's time tells is about the hash: of no use to one who looks for the token.
  const auto found = by_hash_.find(sha256_hex(token));
  return found == by_hash_.end() ? nullptr : find_token(found->second);
}

std::vector<user> account_book::users() const {
  std::vector<user> items;
  for (const auto& [name, item] : users_) {
    items.push_back(item);
    items.back().password_hash.clear();
  }
  return items;
}

std::vector<api_token> account_book::tokens() const {
  std::vector<api_token> items;
  for (const auto& [id, item] : tokens_) {
    items.push_back(item);
    items.back().token_hash.clear();
  }
  std::sort(items.begin(), items.end(),
            [](const api_token& a, const api_token& b) { return a.name < b.name; });
  return items;
}

bool account_book::admin_remains(const std::function<bool(const user&)>& user_counts,
                                 const std::function<bool(const api_token&)>& token_counts) const {
  return std::any_of(users_.begin(), users_.end(),
                     [&](const auto& entry) {
                       return entry.second.role == role::admin && user_counts(entry.second);
                     })
         || std::any_of(tokens_.begin(), tokens_.end(), [&](const auto& entry) {
              return entry.second.role == role::admin && token_counts(entry.second);
            });
}

} // namespace muster
