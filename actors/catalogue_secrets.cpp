#include "actors/catalogue_ask.hpp"
#include "messages/secret.hpp"

#include <unordered_map>
#include <utility>

namespace muster {

/// An edit whose new secrets are turned into hashes, one after the other.
struct catalogue::settling {
  channel_edit edit;
  settled then;
  /// By username: those that were there, and those that were made.
  std::unordered_map<std::string, std::string> hashes{};
  std::size_t index = 0;
};

// Turns the secrets of an edit into hashes. A secret that is right for the hash that is there keeps
// it: then nothing was revoked.
void catalogue::settle_secrets(channel_edit edit, settled then) {
  auto work = std::make_shared<settling>(settling{std::move(edit), std::move(then)});
  for (const auto& known : work->edit.definition.credentials)
    work->hashes.emplace(known.username, known.secret_hash);
  settle_next(work);
}

void catalogue::settle_next(const std::shared_ptr<settling>& work) {
  auto& definition = work->edit.definition;
  const auto& secrets = work->edit.secrets;
  for (; secrets && work->index < secrets->size(); ++work->index) {
    const auto& [username, secret] = (*secrets)[work->index];
    if (secret && definition.security == channel_security::basic) {
      settle_password(work);
      return;
    }
    if (secret) {
      work->hashes[username] = sha256_hex(*secret);
    } else if (!work->hashes.contains(username)) {
      const auto is_key = definition.security == channel_security::api_key;
      work->then(make_error(errc::bad_request, "There is no secret yet for " + username,
                            is_key ? "keys" : "credentials"));
      return;
    }
  }
  if (secrets) {
    definition.credentials.clear();
    for (const auto& wanted : *secrets)
      definition.credentials.push_back({wanted.username, work->hashes.at(wanted.username)});
  }
  work->then(std::move(definition));
}

// Passwords are hashed and checked on the workers.
void catalogue::settle_password(const std::shared_ptr<settling>& work) {
  const auto& [username, secret] = (*work->edit.secrets)[work->index];
  const auto hash_it = [this, work, username = username, secret = *secret] {
    ask<secret_hash>(house_->hasher, hash_secret{secret},
                     [this, work, username](caf::expected<secret_hash> made) {
                       if (!made) {
                         work->then(std::move(made.error()));
                         return;
                       }
                       work->hashes[username] = std::move(made->hash);
                       ++work->index;
                       settle_next(work);
                     });
  };
  const auto known = work->hashes.find(username);
  if (known == work->hashes.end()) {
    hash_it();
    return;
  }
  ask<secret_checked>(house_->hasher, check_secret{*secret, known->second},
                      [this, work, hash_it](caf::expected<secret_checked> checked) {
                        if (!checked) {
                          work->then(std::move(checked.error()));
                        } else if (checked->right) {
                          ++work->index;
                          settle_next(work);
                        } else {
                          hash_it();
                        }
                      });
}

} // namespace muster
