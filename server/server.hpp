#pragma once

#include "actors/interfaces.hpp"
#include "actors/service.hpp"
#include "net/listen.hpp"
#include "server/config.hpp"

#include <caf/actor_system.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace muster {

/// All pieces of the server, built in order and stopped in reverse. For the thread that made it.
class server {
public:
  /// `fatal` is called from any thread when the server must stop, with the reason.
  server(config settings, std::vector<service_definition> services,
         std::function<void(const std::string&)> fatal);
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Opens everything; returns when clients can connect, or with what is in the way.
  caf::error start();

  /// Takes nobody in any more and ends the connections, spread over the window; returns when all
  /// are gone, or some seconds after the window.
  void drain(duration window);
  /// Stops at once what is left.
  void stop();

  /// Reads certificates again.
  void reload_certificates();

  std::vector<bound_listener> listeners() const;
  bound_listener admin() const;
  std::vector<channel_info> channels();
  /// What was made just now, at the first start, and is shown this once; else empty.
  struct first_secrets {
    std::string token;
    /// Of the user `admin`.
    std::string password;
  };
  const first_secrets& first() const { return first_; }
  /// Nobody can sign in to the dashboard yet.
  bool lacks_users() const { return lacks_users_; }

  /// The addresses of now, for tests and programs that add actors of their own.
  house_ptr addresses();
  caf::actor_system& system();

private:
  class parts;
  caf::error make_first_token();
  caf::error make_first_user();
  caf::error open_admin();
  void start_admin();

  config settings_;
  std::vector<service_definition> services_;
  std::function<void(const std::string&)> fatal_;
  first_secrets first_;
  bool lacks_users_ = false;
  std::unique_ptr<parts> parts_;
};

} // namespace muster
