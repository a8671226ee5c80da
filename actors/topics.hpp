#pragma once

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

/// What the directory of topics needs from outside.
struct topics_ports {
  /// Topics of the configuration file, as JSON; they win over stored ones of their name.
  std::vector<std::string> declared;
  /// Stops the server, loudly.
  std::function<void(const std::string& reason)> fatal;
  std::function<timestamp()> wall_now = std::chrono::system_clock::now;
  /// The declared ones were settled in this run of the server: edits since then are not undone by a
  /// restart.
  std::shared_ptr<bool> settled = std::make_shared<bool>(false);
};

/// Topics -> itself, once a second.
struct topics_tick {
  static constexpr auto type = "topics_tick";
};

/// The definitions of all topics. One that nobody uses is a row here; its actor is started when
/// somebody asks for it, with its log read from the disk, and retires when it is idle.
class topics {
public:
  using handle = topics_actor::extend<caf::reacts_to<topics_tick>>;
  explicit topics(handle::pointer self) : self_{self} {}
  ~topics();
  topics(const topics&) = delete;
  topics& operator=(const topics&) = delete;
  handle::behavior_type start(house_ptr addresses, topics_ports ports);

  /// More are not made.
  static constexpr std::size_t max_topics = 1'000'000;

  std::string name = "topics";

private:
  template <class T>
  using promise = caf::typed_response_promise<T>;
  struct entry {
    topic_ptr definition;
    std::shared_ptr<topic_gauges> gauges = std::make_shared<topic_gauges>();
    bool from_file = false;
    topic_actor actor;
    /// It is being started, or ends and is started after that.
    bool busy = false;
    std::vector<promise<found_topic>> askers;
  };
  using next = std::function<void()>;
  using task = std::function<void(next)>;
  using kept = std::function<void(caf::error)>;

  // topics.cpp
  void load();
  void survey();
  void open();
  caf::result<found_topic> find(const find_topic& request);
  void find_now(entry& what, promise<found_topic> answer);
  void start_actor(const std::string& topic_name);
  void spawn_actor(const std::string& topic_name, log_loaded& loaded);
  void fail_askers(const std::string& topic_name, const caf::error& why);
  void on_down(const caf::down_msg& down);
  void retire(const retire_topic& request);
  void tick();
  void expire();
  void erase_log_of(std::uint32_t number);

  // topics_edit.cpp
  void declare(std::size_t index);
  void in_turn(task what);
  void run_next();
  template <class Reply>
  caf::result<Reply> when_open(std::function<caf::expected<Reply>()> question);
  caf::expected<topic_list> list() const;
  caf::expected<topic_info> describe(const std::string& topic_name) const;
  topic_info info(const entry& what) const;
  caf::result<topic_info> create(const create_topic& request);
  caf::result<topic_info> edit(const edit_topic& request);
  caf::error check_new(const topic_definition& definition) const;
  topic_info preview(topic_definition definition, const entry* what) const;
  void make(topic_definition definition, std::function<void(caf::expected<entry*>)> then);
  void change(entry& what, topic_definition definition, const kept& then);
  void remove(const std::string& topic_name, const kept& then);
  void put(const topic_definition& definition, kept then);

  handle::pointer self_;
  house_ptr house_;
  topics_ports ports_;
  std::map<std::string, entry> entries_;
  std::map<std::uint32_t, std::string> names_;
  /// Of topics that end, whose logs are erased after that.
  std::map<caf::actor_addr, std::uint32_t> ending_;
  std::uint32_t last_number_ = 0;
  std::deque<task> tasks_;
  bool open_ = false;
  bool running_ = false;
  bool expiring_ = false;
  /// There is a definition that cannot be read.
  bool damaged_ = false;
  restart_limit restarts_;
};

} // namespace muster
