#pragma once

#include "actors/interfaces.hpp"
#include "messages/time.hpp"
#include "net/http.hpp"
#include "net/listen.hpp"

#include <caf/fwd.hpp>

#include <functional>
#include <string>
#include <vector>

namespace muster {

/// What the admin endpoint is told of the server around it. The callbacks are called on any loop;
/// one that is not set stands for "none".
struct endpoint_options {
  std::string server_name;
  std::string version;
  /// When the server was started.
  timestamp started_at = std::chrono::system_clock::now();
  /// `/metrics` needs no token.
  bool open_metrics = false;
  /// `/docs` and `/api/v1/openapi.json` need none.
  bool open_docs = false;
  /// Takes up backups; none: they are not taken up.
  supervisor_actor supervisor;
  std::function<bool()> draining;
  std::function<std::vector<bound_listener>()> listeners;
  /// Of each event loop, the seconds that it was busy since the start.
  std::function<std::vector<double>()> loop_busy_seconds;
};

/// The admin endpoint. It starts actors of its own, which end with the handler; the handler must be
/// gone before the actor system.
http_handler make_admin_endpoint(caf::actor_system& system, endpoint_options options);

} // namespace muster
