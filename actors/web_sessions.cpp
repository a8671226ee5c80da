#include "actors/web_sessions.hpp"

#include "messages/secret.hpp"

#include <algorithm>

namespace muster {

namespace {

bool over(const web_sessions::session& session, deadline now) {
  return web_sessions::left(session, now) <= duration::zero();
}

} // namespace

web_sessions::opened web_sessions::open(const std::string& username, role role, deadline now) {
  make_room(now);
  opened tokens{random_token(), random_token()};
  auto digest = sha256_hex(tokens.cookie);
  recent_.push_front({username, role, tokens.csrf_token, now + lifetime, now, digest});
  by_digest_.emplace(std::move(digest), recent_.begin());
  return tokens;
}

const web_sessions::session* web_sessions::find(const std::string& cookie, deadline now) {
  const auto which = alive(cookie, now);
  if (which == recent_.end())
    return nullptr;
  which->last_used = now;
  recent_.splice(recent_.begin(), recent_, which);
  return &*which;
}

const web_sessions::session* web_sessions::peek(const std::string& cookie, deadline now) {
  const auto which = alive(cookie, now);
  return which == recent_.end() ? nullptr : &*which;
}

duration web_sessions::left(const session& of, deadline now) {
  return std::min(of.ends, of.last_used + idle_time) - now;
}

web_sessions::sessions::iterator web_sessions::alive(const std::string& cookie, deadline now) {
  const auto found = by_digest_.find(sha256_hex(cookie));
  if (found == by_digest_.end())
    return recent_.end();
  const auto which = found->second;
  if (!over(*which, now))
    return which;
  drop(which);
  return recent_.end();
}

void web_sessions::close(const std::string& cookie) {
  if (const auto found = by_digest_.find(sha256_hex(cookie)); found != by_digest_.end())
    drop(found->second);
}

void web_sessions::close_all_of(const std::string& username) {
  for (auto next = recent_.begin(); next != recent_.end();) {
    const auto which = next++;
    if (which->username == username)
      drop(which);
  }
}

void web_sessions::set_role(const std::string& username, role role) {
  for (auto& each : recent_)
    if (each.username == username)
      each.role = role;
}

void web_sessions::drop(sessions::iterator which) {
  by_digest_.erase(which->digest);
  recent_.erase(which);
}

void web_sessions::make_room(deadline now) {
  while (!recent_.empty() && (recent_.size() >= max_sessions || over(recent_.back(), now)))
    drop(--recent_.end());
}

} // namespace muster
