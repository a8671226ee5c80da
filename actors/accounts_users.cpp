#include "actors/accounts.hpp"

#include "actors/accounts_saving.hpp"
#include "messages/codec.hpp"

namespace muster {

namespace {

put_document to_document(const user& item) {
  return {document_kind::user, item.username, to_bytes(item)};
}

user without_secrets(user item) {
  item.password_hash.clear();
  return item;
}

caf::error no_such_user(const std::string& name) {
  return make_error(errc::not_found, "there is no user " + name);
}

caf::error last_admin() {
  return make_error(errc::conflict, "no administrator would be left");
}

} // namespace

caf::result<user> accounts::create(const create_user& request) {
  if (auto wrong = check_username(request.username))
    return wrong;
  if (auto wrong = check_password(request.password))
    return wrong;
  if (book_.find_user(request.username) != nullptr)
    return make_error(errc::conflict, "there is a user " + request.username + " already");
  if (book_.full_of_users())
    return make_error(errc::conflict, "there are too many users");
  user made{request.username, request.role, {}, now_us()};
  const auto key = claim_of(made);
  if (auto taken = claim(key))
    return taken;
  auto answer = self_->make_response_promise<user>();
  hash(request.password, key, answer, [this, made, key, answer](std::string hashed) mutable {
    made.password_hash = std::move(hashed);
    save(to_document(made), key, answer, [this, made] {
      book_.put(made);
      return without_secrets(made);
    });
  });
  return answer;
}

caf::result<user> accounts::edit(const edit_user& request) {
  const auto* known = book_.find_user(request.username);
  if (known == nullptr)
    return no_such_user(request.username);
  if (request.password)
    if (auto wrong = check_password(*request.password))
      return wrong;
  const auto before = *known;
  auto after = before;
  after.role = request.role.value_or(before.role);
  const auto key = claim_of(before);
  if (before.role == role::admin && after.role != role::admin && !admin_remains_without(key))
    return last_admin();
  if (auto taken = claim(key))
    return taken;
  auto answer = self_->make_response_promise<user>();
  if (!request.password) {
    edited(before, std::move(after), answer);
    return answer;
  }
  hash(*request.password, key, answer, [this, before, after, answer](std::string hashed) mutable {
    after.password_hash = std::move(hashed);
    edited(before, std::move(after), answer);
  });
  return answer;
}

void accounts::edited(const user& before, user after, promise<user> answer) {
  save(to_document(after), claim_of(after), answer, [this, before, after] {
    book_.put(after);
    if (after.password_hash != before.password_hash)
      sessions_.close_all_of(after.username);
    sessions_.set_role(after.username, after.role);
    return without_secrets(after);
  });
}

caf::result<done> accounts::remove(const delete_user& request) {
  const auto* known = book_.find_user(request.username);
  if (known == nullptr)
    return no_such_user(request.username);
  const auto key = claim_of(*known);
  if (known->role == role::admin && !admin_remains_without(key))
    return last_admin();
  if (auto taken = claim(key))
    return taken;
  auto answer = self_->make_response_promise<done>();
  const auto username = request.username;
  save(erase_document{document_kind::user, username}, key, answer, [this, username] {
    book_.erase_user(username);
    sessions_.close_all_of(username);
    return done{};
  });
  return answer;
}

} // namespace muster
