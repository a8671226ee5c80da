#pragma once

#include "actors/doors.hpp"
#include "net/listen.hpp"
#include "net/listener.hpp"
#include "net/upgrade.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace muster {

/// All listeners for WebSockets: those of the configuration and those that channels bring along.
/// Any thread. It must go before the actor system does.
class gates final : public doors {
public:
  /// `server` is the value of the Server header.
  gates(loops& all, address_set trusted, std::string server);
  ~gates() override;

  /// Binds a listener of the configuration and accepts on it.
  caf::error open(const listener_definition& definition);

  caf::error ensure(const std::string& name) override;
  void publish(std::vector<route> routes) override;

  /// Refuses whoever comes from now on (503), or does so no more.
  void drain(bool on) { rules_->draining = on; }
  /// Closes all listeners, and refuses whoever is still in the handshake.
  void stop_accepting();
  std::vector<bound_listener> bound() const;
  /// Reads the certificates again; tells of the first that is no good, whose old one stays.
  caf::error reload_tls();

private:
  struct gate {
    std::shared_ptr<listener> door;
    std::shared_ptr<tls_context> tls;
    bool of_channel = false;
  };
  caf::error add(const listener_definition& definition, bool of_channel);

  loops& loops_;
  std::shared_ptr<gate_rules> rules_;
  mutable std::mutex mutex_;
  std::map<std::string, gate> gates_;
  bool stopped_ = false;
};

} // namespace muster
