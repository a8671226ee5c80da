#pragma once

#include "actors/account_book.hpp"
#include "actors/interfaces.hpp"
#include "actors/sign_in_guard.hpp"
#include "actors/web_sessions.hpp"

#include <set>
#include <string>

namespace muster {

/// Users, API tokens and the sessions of those who signed in: says who somebody is. What it is told
/// before it has read the store waits.
class accounts {
public:
  using handle = accounts_actor;
  explicit accounts(handle::pointer self) : self_{self} {}
  handle::behavior_type start(store_actor store, hasher_actor hasher);

  std::string name = "accounts";

private:
  template <class Reply>
  using promise = caf::typed_response_promise<Reply>;

  void load();
  template <class Item>
  void take(const loaded_documents& loaded);

  caf::result<identity> authenticate_one(const authenticate& request);
  caf::result<signed_in> sign_someone_in(const sign_in& request);
  void check_password_of(const user& known, const sign_in& request, promise<signed_in> answer);
  void refuse_stranger(const sign_in& request, promise<signed_in> answer);
  void finish_sign_in(const user& checked, const sign_in& request, promise<signed_in> answer);

  caf::result<user> create(const create_user& request);
  caf::result<user> edit(const edit_user& request);
  caf::result<done> remove(const delete_user& request);
  void edited(const user& before, user after, promise<user> answer);

  caf::result<token_created> create(const create_token& request);
  caf::result<done> remove(const delete_token& request);

  /// Whoever changes a user or token claims it first, so that changes do not cross.
  caf::error claim(const std::string& key);
  bool admin_remains_without(const std::string& key) const;
  template <class Reply, class Then>
  void hash(const std::string& password, const std::string& key, promise<Reply> answer, Then then);
  template <class Reply, class Write, class Then>
  void save(Write what, const std::string& key, promise<Reply> answer, Then then);

  handle::pointer self_;
  store_actor store_;
  hasher_actor hasher_;
  account_book book_;
  sign_in_guard guard_;
  web_sessions sessions_;
  std::set<std::string> claimed_;
};

} // namespace muster
