#include "actors/accounts.hpp"

#include "actors/accounts_saving.hpp"
#include "messages/codec.hpp"
#include "messages/json_scan.hpp"

#include <spdlog/spdlog.h>

#include <cmath>
#include <stdexcept>

namespace muster {

namespace {

/// The log knows who it was; the asker does not learn which half was wrong.
caf::error refused(const sign_in& request) {
  spdlog::warn("a sign-in as {} from {} was refused", quoted(request.username), request.address);
  return make_error(errc::unauthorized, "the user name or the password is wrong");
}

} // namespace

accounts_actor::behavior_type accounts::start(store_actor store, hasher_actor hasher) {
  store_ = std::move(store);
  hasher_ = std::move(hasher);
  load();
  return {
      [this](const authenticate& request) { return authenticate_one(request); },
      [this](const sign_in& request) { return sign_someone_in(request); },
      [this](const sign_out& request) {
        sessions_.close(request.session_cookie);
        return done{};
      },
      [this](const list_users&) { return user_list{book_.users()}; },
      [this](const create_user& request) { return create(request); },
      [this](const edit_user& request) { return edit(request); },
      [this](const delete_user& request) { return remove(request); },
      [this](const list_tokens&) { return token_list{book_.tokens()}; },
      [this](const create_token& request) { return create(request); },
      [this](const delete_token& request) { return remove(request); },
      [](const drill& order) { throw std::runtime_error{order.what}; },
  };
}

void accounts::load() {
  // Awaited: other messages stay in the mailbox until both are there.
  const auto fail = [this](const caf::error& failure) { self_->quit(failure); };
  self_->request(store_, caf::infinite, load_documents{document_kind::user})
      .await([this](const loaded_documents& loaded) { take<user>(loaded); }, fail);
  self_->request(store_, caf::infinite, load_documents{document_kind::token})
      .await([this](const loaded_documents& loaded) { take<api_token>(loaded); }, fail);
}

template <class Item>
void accounts::take(const loaded_documents& loaded) {
  for (const auto& each : loaded.items) {
    auto item = from_bytes<Item>(each.body);
    if (!item) {
      self_->quit(make_error(errc::internal, "the stored " + std::string{Item::type} + " "
                                                 + each.key
                                                 + " cannot be read: " + detail_of(item.error())));
      return;
    }
    book_.put(std::move(*item));
  }
}

caf::result<identity> accounts::authenticate_one(const authenticate& request) {
  if (!request.bearer_token.empty()) {
    if (const auto* token = book_.find_token_of(request.bearer_token))
      return identity{"token:" + token->name, token->role, {}, 0};
    return make_error(errc::unauthorized, "the token is not known");
  }
  if (!request.session_cookie.empty()) {
    const auto now = self_->clock().now();
    const auto* session = request.passive ? sessions_.peek(request.session_cookie, now)
                                          : sessions_.find(request.session_cookie, now);
    if (session != nullptr)
      return identity{session->username, session->role, session->csrf_token,
                      seconds{web_sessions::left(*session, now)}.count()};
    return make_error(errc::unauthorized, "the session has ended, sign in again");
  }
  return make_error(errc::unauthorized, "credentials are needed");
}

caf::result<signed_in> accounts::sign_someone_in(const sign_in& request) {
  const auto wait = guard_.attempt(request.username, request.address, self_->clock().now());
  if (wait > duration::zero())
    return make_error(errc::too_many_requests,
                      "too many failed attempts, try again in "
                          + std::to_string(std::lround(std::ceil(seconds{wait}.count()))) + " s");
  auto answer = self_->make_response_promise<signed_in>();
  if (const auto* known = book_.find_user(request.username))
    check_password_of(*known, request, answer);
  else
    refuse_stranger(request, answer);
  return answer;
}

void accounts::check_password_of(const user& known, const sign_in& request,
                                 promise<signed_in> answer) {
  self_->request(hasher_, caf::infinite, check_secret{request.password, known.password_hash})
      .then(
          [this, known, request, answer](const secret_checked& checked) mutable {
            if (checked.right)
              finish_sign_in(known, request, answer);
            else
              answer.deliver(refused(request));
          },
          [this, request, answer](const caf::error& failure) mutable {
            guard_.not_tried(request.username, request.address);
            answer.deliver(failure);
          });
}

// Costs as much as a check, so that nobody learns from the time which names there are.
void accounts::refuse_stranger(const sign_in& request, promise<signed_in> answer) {
  self_->request(hasher_, caf::infinite, hash_secret{request.password})
      .then([request, answer](const secret_hash&) mutable { answer.deliver(refused(request)); },
            [this, request, answer](const caf::error& failure) mutable {
              guard_.not_tried(request.username, request.address);
              answer.deliver(failure);
            });
}

void accounts::finish_sign_in(const user& checked, const sign_in& request,
                              promise<signed_in> answer) {
  // Meanwhile the user may have been deleted, or got another password or role.
  const auto* now = book_.find_user(checked.username);
  if (now == nullptr || now->password_hash != checked.password_hash) {
    answer.deliver(refused(request));
    return;
  }
  guard_.succeeded(request.username, request.address);
  auto opened = sessions_.open(now->username, now->role, self_->clock().now());
  answer.deliver(signed_in{std::move(opened.cookie), std::move(opened.csrf_token), now->role,
                           seconds{web_sessions::lifetime}.count()});
}

caf::error accounts::claim(const std::string& key) {
  if (!claimed_.insert(key).second)
    return make_error(errc::conflict, "the " + key + " is being changed by somebody else");
  return {};
}

// Who is being changed just now may be about to go: does not count.
bool accounts::admin_remains_without(const std::string& key) const {
  const auto counts = [&](const auto& item) {
    return claim_of(item) != key && !claimed_.contains(claim_of(item));
  };
  return book_.admin_remains(counts, counts);
}

} // namespace muster
