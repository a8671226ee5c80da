#pragma once

#include "actors/accounts.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <cstdint>
#include <utility>

// What the parts of the accounts actor share: hashing and saving, and letting go of the claim.
namespace muster {

inline std::string claim_of(const user& item) {
  return "user " + item.username;
}

inline std::string claim_of(const api_token& item) {
  return "token " + item.name;
}

/// Microseconds since the epoch.
inline std::int64_t now_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

template <class Reply, class Then>
void accounts::hash(const std::string& password, const std::string& key, promise<Reply> answer,
                    Then then) {
  self_->request(hasher_, caf::infinite, hash_secret{password})
      .then([then](secret_hash& made) mutable { then(std::move(made.hash)); },
            [this, key, answer](const caf::error& failure) mutable {
              claimed_.erase(key);
              answer.deliver(failure);
            });
}

template <class Reply, class Write, class Then>
void accounts::save(Write what, const std::string& key, promise<Reply> answer, Then then) {
  self_->request(store_, caf::infinite, std::move(what))
      .then(
          [this, key, answer, then](const done&) mutable {
            claimed_.erase(key);
            answer.deliver(then());
          },
          [this, key, answer](const caf::error& failure) mutable {
            claimed_.erase(key);
            answer.deliver(make_error(errc::unavailable, detail_of(failure)));
          });
}

} // namespace muster
