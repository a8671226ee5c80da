#pragma once

#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace muster {

/// A WebSocket endpoint and its rules: admits connections, lets their clients have sessions, and
/// ends them when the rules change. Its connections outlive its failure and are taken over by the
/// actor that comes after.
class channel {
public:
  using handle = channel_actor;
  explicit channel(handle::pointer self);
  handle::behavior_type start(channel_ptr definition, house_ptr addresses,
                              std::shared_ptr<channel_gauges> gauges);

  std::string name = "channel";

private:
  using sessions = std::set<std::pair<std::string, caf::actor_id>>;

  struct child {
    connection_actor handle;
    /// Its place among those that have one.
    std::optional<sessions::iterator> session;
    std::string username;
  };

  /// Gets the name of the one who was found to be it: a user's, a key's, or none.
  using told_who = std::function<void(caf::expected<std::string>)>;

  caf::result<admitted> let_in(const admit& arrival);
  caf::result<session_granted> open(open_session& question);
  caf::result<credentials_checked> check(check_credentials& question);
  void identify(std::string username, std::string secret, told_who done);
  void identify_by_password(std::string username, std::string secret, told_who done);
  caf::expected<session_granted> grant(const open_session& question, std::string username);
  void revise(channel_ptr definition);
  void adopt(const adopt_connections& orphans);
  void adopt(const adopt_connections::child& orphan);
  void watch(const connection_actor& who);
  void open(child& which, const std::string& client_id, const std::string& username);
  bool has_sessions(const std::string& client_id, std::size_t at_least) const;
  void replace(const std::string& client_id);
  void forget(caf::actor_id id);
  void count();

  handle::pointer self_;
  channel_ptr definition_;
  house_ptr house_;
  std::shared_ptr<channel_gauges> gauges_;
  std::unordered_map<caf::actor_id, child> children_;
  /// Those that have a session, by client id.
  sessions by_client_;
};

} // namespace muster
