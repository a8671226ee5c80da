#pragma once

#include "messages/channel.hpp"
#include "messages/close_code.hpp"

#include <optional>
#include <string>
#include <unordered_set>

namespace muster {

/// What an edit of a channel means for its connections.
class channel_change {
public:
  channel_change(const channel_definition& before, const channel_definition& after);

  /// The order for a connection that the edit must end. `username` opened its session, if it has
  /// one.
  std::optional<close_order> must_close(const std::string& username, bool has_session) const;

private:
  enum class ends { nobody, revoked, everyone };
  ends ends_ = ends::nobody;
  /// Whose credentials are what they were.
  std::unordered_set<std::string> kept_;
};

} // namespace muster
