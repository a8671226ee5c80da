#include "actors/accounts.hpp"

#include "actors/accounts_saving.hpp"
#include "messages/codec.hpp"
#include "messages/ids.hpp"
#include "messages/secret.hpp"

namespace muster {

namespace {

put_document to_document(const api_token& item) {
  return {document_kind::token, item.id, to_bytes(item)};
}

token_created without_secrets(api_token item, const std::string& token) {
  item.token_hash.clear();
  return {std::move(item), token};
}

} // namespace

caf::result<token_created> accounts::create(const create_token& request) {
  if (auto wrong = check_token_name(request.name))
    return wrong;
  const bool given = !request.token.empty();
  if (given)
    if (auto wrong = check_given_token(request.token))
      return wrong;
  const auto token = given ? request.token : random_token();
  const auto* older = book_.find_token_named(request.name);
  const auto* same = book_.find_token_of(token);
  if (older != nullptr && !given)
    return make_error(errc::conflict, "there is a token " + request.name + " already");
  if (same != nullptr && same != older)
    return make_error(errc::conflict, "the token is there already, as " + same->name);
  if (older == nullptr && book_.full_of_tokens())
    return make_error(errc::conflict, "there are too many tokens");
  if (same != nullptr && same->role == request.role)
    return without_secrets(*same, token);
  api_token made{older == nullptr ? timed_id("tok.") : older->id, request.name, request.role,
                 sha256_hex(token), now_us()};
  const auto key = claim_of(made);
  if (auto taken = claim(key))
    return taken;
  auto answer = self_->make_response_promise<token_created>();
  save(to_document(made), key, answer, [this, made, token] {
    book_.put(made);
    return without_secrets(made, token);
  });
  return answer;
}

caf::result<done> accounts::remove(const delete_token& request) {
  const auto* known = book_.find_token(request.id);
  if (known == nullptr)
    return make_error(errc::not_found, "there is no token " + request.id);
  const auto key = claim_of(*known);
  if (known->role == role::admin && !admin_remains_without(key))
    return make_error(errc::conflict, "no administrator would be left");
  if (auto taken = claim(key))
    return taken;
  auto answer = self_->make_response_promise<done>();
  const auto id = request.id;
  save(erase_document{document_kind::token, id}, key, answer, [this, id] {
    book_.erase_token(id);
    return done{};
  });
  return answer;
}

} // namespace muster
