#pragma once

#include "messages/account.hpp"
#include "messages/time.hpp"

#include <cstddef>
#include <list>
#include <string>
#include <unordered_map>

namespace muster {

/// The sessions of people who have signed in to the admin endpoint. Only digests of the cookies are
/// kept. In memory: after a restart everybody signs in again.
class web_sessions {
public:
  static constexpr duration lifetime = std::chrono::hours{12};
  /// Unused for so long, a session ends.
  static constexpr duration idle_time = std::chrono::hours{1};
  /// Over it, the session that was unused for longest ends.
  static constexpr std::size_t max_sessions = 10000;

  struct session {
    std::string username;
    muster::role role = muster::role::viewer;
    std::string csrf_token;
    deadline ends{};
    deadline last_used{};
    std::string digest;
  };

  struct opened {
    std::string cookie;
    std::string csrf_token;
  };
  opened open(const std::string& username, role role, deadline now);

  /// Null when there is none, or it has ended; counts as a use. Good until the next call.
  const session* find(const std::string& cookie, deadline now);
  /// The same, but does not count as a use.
  const session* peek(const std::string& cookie, deadline now);
  /// How long a session has when nobody uses it from now on.
  static duration left(const session& of, deadline now);
  void close(const std::string& cookie);

  void close_all_of(const std::string& username);
  void set_role(const std::string& username, role role);

  std::size_t size() const { return recent_.size(); }

private:
  using sessions = std::list<session>;
  sessions::iterator alive(const std::string& cookie, deadline now);
  void drop(sessions::iterator which);
  void make_room(deadline now);

  /// The most recently used first.
  sessions recent_;
  std::unordered_map<std::string, sessions::iterator> by_digest_;
};

} // namespace muster
