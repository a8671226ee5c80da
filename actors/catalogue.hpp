#pragma once

#include "actors/doors.hpp"
#include "actors/interfaces.hpp"
#include "actors/restart_limit.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace muster {

/// What the catalogue needs from outside.
struct catalogue_ports {
  muster::doors* doors = nullptr;
  /// Channels of the configuration file, as JSON; they win over stored ones of their name.
  std::vector<std::string> declared;
  /// Stops the server, loudly.
  std::function<void(const std::string& reason)> fatal;
};

/// The definitions of all channels: keeps them in the store, starts, restarts and ends the actors.
/// Edits are made one after the other; what is asked while it loads waits.
class catalogue {
public:
  using handle = catalogue_actor;
  explicit catalogue(handle::pointer self);
  ~catalogue();
  handle::behavior_type start(house_ptr addresses, catalogue_ports ports);

  std::string name = "catalogue";

private:
  struct entry {
    channel_ptr definition;
    channel_actor actor;
    std::shared_ptr<channel_gauges> gauges = std::make_shared<channel_gauges>();
    bool from_file = false;
  };
  using next = std::function<void()>;
  using task = std::function<void(next)>;
  template <class T>
  using promise = caf::typed_response_promise<T>;
  using settled = std::function<void(caf::expected<channel_definition>)>;

  // catalogue.cpp
  void load();
  void declare(std::size_t index);
  void start_all();
  void start_channel(entry& what);
  void restart(const caf::down_msg& down);
  void adopt(const std::string& channel_name);
  void install(channel_ptr definition, bool from_file);
  void remove(const std::string& channel_name);
  void publish();
  channel_info info(const entry& what) const;

  // catalogue_edit.cpp
  void in_turn(task what);
  void run_next();
  caf::result<channel_info> create(const create_channel& request);
  caf::result<channel_edited> edit(const edit_channel& request);
  void edit_in_turn(const edit_channel& request, promise<channel_edited> answer, const next& done);
  void end_in_turn(const edit_channel& request, promise<channel_edited> answer, const next& done);
  caf::error check_place(const channel_definition& definition) const;
  /// The other channel that has the definition's path on its listener; the end when there is none.
  std::map<std::string, entry>::const_iterator
  holder_of_place(const channel_definition& definition) const;
  void settle_secrets(std::shared_ptr<channel_edit> edit, std::size_t index, settled then);
  void keep(channel_definition definition, std::function<void(caf::error)> then);
  void find_closes(const channel_definition& before, const channel_definition& after,
                   std::function<void(caf::expected<std::vector<std::string>>)> then);

  handle::pointer self_;
  house_ptr house_;
  catalogue_ports ports_;
  std::map<std::string, entry> entries_;
  std::deque<task> tasks_;
  bool busy_ = true;
  restart_limit restarts_;
};

} // namespace muster
