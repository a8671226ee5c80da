#include "actors/channel_change.hpp"

#include <string_view>
#include <unordered_map>

namespace muster {

channel_change::channel_change(const channel_definition& before, const channel_definition& after) {
  if (!after.is_active) {
    ends_ = ends::everyone;
    return;
  }
  if (after.security == channel_security::none)
    return;
  ends_ = ends::revoked;
  if (before.security != after.security)
    return;
  std::unordered_map<std::string_view, std::string_view> hashes;
  for (const auto& then : before.credentials)
    hashes.emplace(then.username, then.secret_hash);
  for (const auto& now : after.credentials)
    if (const auto then = hashes.find(now.username);
        then != hashes.end() && then->second == now.secret_hash)
      kept_.insert(now.username);
}

std::optional<close_order> channel_change::must_close(const std::string& username,
                                                      bool has_session) const {
  if (ends_ == ends::everyone)
    return close_order{close_code::channel_gone, "The channel is not active any more", "server"};
  if (ends_ == ends::nobody || !has_session || kept_.contains(username))
    return std::nullopt;
  return close_order{close_code::expired, "The credentials were revoked", "server"};
}

} // namespace muster
