// The data as a whole.

#include "admin/call.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"

namespace muster {

namespace {

/// Everything that is stored is read again.
constexpr auto reload_patience = std::chrono::seconds{120};

void reload(const call_ptr& call) {
  const auto& supervisor = call->parts().options.supervisor;
  if (!supervisor) {
    call->fail(errc::unavailable, "This server takes up no backups");
    return;
  }
  call->ask<done>(
      supervisor, reload_state{}, [call](const done&) { call->no_content(); }, reload_patience);
}

} // namespace

routes store_routes() {
  return {
      {"POST",
       "/api/v1/store:reload",
       role::admin,
       "Takes up the backup that `muster restore` has laid into the data directory. Connections "
       "stay; channels, topics, subscriptions, users and tokens are those of the backup.",
       reload,
       {},
       {},
       false,
       204},
  };
}

} // namespace muster
