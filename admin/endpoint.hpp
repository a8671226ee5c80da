#pragma once

#include "actors/interfaces.hpp"
#include "messages/time.hpp"
#include "net/http.hpp"
#include "net/listen.hpp"

#include <caf/fwd.hpp>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace muster {

/// A warning or an error of the log.
struct incident {
  /// Grows by one from each to the next.
  std::uint64_t number = 0;
  timestamp at{};
  /// `warning`, `error` or `critical`.
  std::string level;
  std::string text;
};

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
  /// Where the kernel is asked about the process; none: on the loops.
  caf::execution_unit* workers = nullptr;
  std::function<bool()> draining;
  std::function<std::vector<bound_listener>()> listeners;
  /// Of each event loop, the seconds that it was busy since the start.
  std::function<std::vector<double>()> loop_busy_seconds;
  /// The last ones, in any order.
  std::function<std::vector<incident>()> incidents;

  bool is_draining() const { return draining && draining(); }
  double uptime(timestamp now) const { return seconds{now - started_at}.count(); }
};

/// The admin endpoint. It starts actors of its own, which end with the handler; the handler must be
/// gone before the actor system.
http_handler make_admin_endpoint(caf::actor_system& system, endpoint_options options);

} // namespace muster
