#include "actors/checked_secrets.hpp"

#include "messages/secret.hpp"

namespace muster {

checked_secrets::checked_secrets() : key_{random_token()} {}

bool checked_secrets::knows(const std::string& hash, const std::string& secret, deadline now) {
  drop_expired(now);
  return entries_.contains(keyed_digest(key_, hash, secret));
}

void checked_secrets::remember(const std::string& hash, const std::string& secret, deadline now) {
  drop_expired(now);
  auto [entry, is_new] = entries_.emplace(keyed_digest(key_, hash, secret), now + lifetime);
  if (!is_new)
    return;
  by_age_.push(entry->first);
  if (entries_.size() > max_entries)
    drop_oldest();
}

void checked_secrets::drop_oldest() {
  entries_.erase(by_age_.front());
  by_age_.pop();
}

void checked_secrets::drop_expired(deadline now) {
  while (!by_age_.empty() && entries_.at(by_age_.front()) <= now)
    drop_oldest();
}

} // namespace muster
