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
  /// The declared ones were settled in this run of the server: edits since then are not undone by a
  /// restart.
  std::shared_ptr<bool> settled = std::make_shared<bool>(false);
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
  struct settling;

  // catalogue.cpp
  void load();
  void declare(std::size_t index);
  void start_all();
  void start_channel(entry& what);
  void restart(const caf::down_msg& down);
  void adopt(const std::string& only);
  void end_orphans(const adopt_connections& left);
  void move_to(const house_ptr& addresses);
  void install(channel_ptr definition, bool from_file);
  void remove(const std::string& channel_name);
  void publish();
  template <class Reply, class Question>
  caf::result<Reply> when_loaded(Question question);
  caf::expected<channel_list> list() const;
  caf::expected<channel_info> find(const std::string& channel_name) const;
  channel_info info(const entry& what) const;

  // catalogue_edit.cpp
  void in_turn(task what);
  void run_next();
  template <class Reply, class Handle, class Request>
  void ask(const Handle& whom, Request request, std::function<void(caf::expected<Reply>)> then);
  caf::result<channel_info> create(const create_channel& request);
  caf::result<channel_edited> edit(const edit_channel& request);
  /// The definition that the request is about; `not_found`, or `precondition_failed`.
  caf::expected<channel_ptr> find_version(const edit_channel& request) const;
  void edit_in_turn(const channel_ptr& before, const edit_channel& request,
                    promise<channel_edited> answer, const next& done);
  void end_in_turn(const channel_ptr& before, bool dry_run, promise<channel_edited> answer,
                   const next& done);
  caf::error check_place(const channel_definition& definition) const;
  /// The other channel that has the definition's path on its listener; the end when there is none.
  std::map<std::string, entry>::const_iterator
  holder_of_place(const channel_definition& definition) const;
  void keep(channel_definition definition, std::function<void(caf::error)> then);
  void find_closes(const channel_definition& before, const channel_definition& after,
                   std::function<void(caf::expected<std::vector<std::string>>)> then);

  // catalogue_secrets.cpp
  void settle_secrets(channel_edit edit, settled then);
  void settle_next(const std::shared_ptr<settling>& work);
  void settle_password(const std::shared_ptr<settling>& work);

  handle::pointer self_;
  house_ptr house_;
  catalogue_ports ports_;
  std::map<std::string, entry> entries_;
  std::deque<task> tasks_;
  bool busy_ = true;
  bool running_ = false;
  bool loaded_ = false;
  /// Ends the question that a task waits for, in case it was asked of one that failed.
  next give_up_;
  restart_limit restarts_;
};

} // namespace muster
