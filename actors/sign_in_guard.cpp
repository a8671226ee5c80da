#include "actors/sign_in_guard.hpp"

#include <algorithm>

namespace muster {

namespace {

std::string name_key(const std::string& username) {
  // No user has a longer name: what is beyond it must not fill the memory.
  return "u" + username.substr(0, 64);
}

std::string address_key(const std::string& address) {
  return "a" + address;
}

duration wait_after(int failures) {
  const int beyond = failures - sign_in_guard::free_failures;
  if (beyond < 0)
    return duration::zero();
  // 2^6 seconds are more than the longest wait.
  const duration wait = std::chrono::seconds{1 << std::min(beyond, 6)};
  return std::min(wait, sign_in_guard::longest_wait);
}

} // namespace

duration sign_in_guard::attempt(const std::string& username, const std::string& address,
                                deadline now) {
  const auto wait = std::max(wait_of(name_key(username), now), wait_of(address_key(address), now));
  if (wait > duration::zero())
    return wait;
  count(name_key(username), now);
  count(address_key(address), now);
  return duration::zero();
}

void sign_in_guard::succeeded(const std::string& username, const std::string& address) {
  forget(name_key(username));
  take_back(address_key(address));
}

void sign_in_guard::not_tried(const std::string& username, const std::string& address) {
  take_back(name_key(username));
  take_back(address_key(address));
}

duration sign_in_guard::wait_of(const std::string& key, deadline now) const {
  const auto found = by_key_.find(key);
  if (found == by_key_.end())
    return duration::zero();
  return std::max(found->second->wait_until - now, duration::zero());
}

void sign_in_guard::count(const std::string& key, deadline now) {
  const auto found = by_key_.find(key);
  if (found != by_key_.end())
    recent_.splice(recent_.begin(), recent_, found->second);
  else
    by_key_[key] = recent_.insert(recent_.begin(), entry{key, 0, now, {}});
  auto& counted = recent_.front();
  if (now - counted.last >= memory)
    counted.failures = 0;
  ++counted.failures;
  counted.last = now;
  counted.wait_until = now + wait_after(counted.failures);
  while (recent_.size() > max_entries || now - recent_.back().last >= memory)
    forget(std::string{recent_.back().key});
}

void sign_in_guard::take_back(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end())
    return;
  auto& counted = *found->second;
  if (--counted.failures <= 0)
    forget(key);
  else
    counted.wait_until = counted.last + wait_after(counted.failures);
}

void sign_in_guard::forget(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end())
    return;
  recent_.erase(found->second);
  by_key_.erase(found);
}

} // namespace muster
