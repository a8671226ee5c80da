#pragma once

#include "actors/catalogue.hpp"
#include "actors/interfaces.hpp"
#include "actors/outside.hpp"
#include "actors/restart_limit.hpp"
#include "actors/service.hpp"
#include "actors/topics.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace muster {

/// What the house stands on: everything from outside that its actors need.
struct foundations {
  std::shared_ptr<muster::storage> storage;
  caf::execution_unit* workers = nullptr;
  http_caller* http = nullptr;
  reverse_dns* names = nullptr;
  std::vector<service_definition> services;
  catalogue_ports channels;
  topics_ports topics;
  /// An administrator's token that is good whatever is stored; empty: none.
  std::string token;
  /// Gets the addresses whenever they change.
  std::function<void(house_ptr)> announce;
};

/// Parent of everyone who is there once. A child that fails is started anew, and all who keep its
/// address get the new one.
class supervisor {
public:
  using handle = supervisor_actor;
  explicit supervisor(handle::pointer self);
  handle::behavior_type start(foundations ground);

  std::string name = "supervisor";

private:
  struct child {
    const char* name;
    std::function<void(house&)> start;
    std::function<caf::strong_actor_ptr(const house&)> address;
    /// Keeps the addresses of these and is started anew with them.
    std::vector<std::string> keeps;
    /// Keeps some of what is stored and is started anew when a backup takes its place.
    bool keeps_data = false;
  };

  void hire();
  void start_child(const child& who, house& addresses);
  void restart(const caf::down_msg& down);
  void announce();
  void stop();

  // supervisor_reload.cpp
  caf::result<done> reload();
  void take_up();
  void start_anew(const store_actor& fresh, bool restored);
  void settle_token();
  void await_all();
  void end_reload(const caf::error& why);

  handle::pointer self_;
  foundations ground_;
  std::vector<child> children_;
  house_ptr house_;
  restart_limit restarts_;
  /// A backup that is being taken up: who is to end first, and who waits for the answer.
  struct reloading {
    caf::typed_response_promise<done> answer;
    std::set<caf::actor_addr> awaited;
    /// Why the data is what it was.
    caf::error failure;
  };
  std::optional<reloading> reloading_;
};

} // namespace muster
