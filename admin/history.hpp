#pragma once

#include "actors/interfaces.hpp"
#include "admin/activity.hpp"
#include "admin/process_stats.hpp"
#include "messages/message.hpp"
#include "messages/time.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace muster {

struct look_at_process {
  static constexpr auto type = "look_at_process";
};
using process_watch_actor = caf::typed_actor<caf::replies_to<look_at_process>::with<process_stats>>;

/// Asks the kernel about this process. On the workers: where there are many files, that takes a
/// while.
class process_watch {
public:
  using handle = process_watch_actor;
  explicit process_watch(handle::pointer) {}
  handle::behavior_type start();

  std::string name = "process watch";
};

/// What happened within one interval, and how much there was at its end.
struct history_point {
  timestamp at{};
  std::uint64_t connections = 0;
  std::uint64_t sessions = 0;
  std::uint64_t resident_bytes = 0;
  activity done;
};

struct take_rates {
  static constexpr auto type = "take_rates";
};
/// How things are now.
struct current_rates {
  static constexpr auto type = "current_rates";
  activity done;
  /// As it was at the end of the last interval.
  process_stats process;
};
struct take_history {
  static constexpr auto type = "take_history";
};
struct kept_history {
  static constexpr auto type = "kept_history";
  /// From the oldest to the newest.
  std::vector<std::shared_ptr<const history_point>> points;
};
/// History -> itself, once an interval.
struct history_tick {
  static constexpr auto type = "history_tick";
};
using history_actor = caf::typed_actor<caf::replies_to<take_rates>::with<current_rates>,
                                       caf::replies_to<take_history>::with<kept_history>,
                                       caf::reacts_to<history_tick>>;

/// What history needs to know.
struct history_sources {
  /// Who knows the channels; none: there are none.
  supervisor_actor supervisor;
  process_watch_actor process;
  /// Of each event loop; may be unset.
  std::function<std::vector<double>()> busy_seconds;
};

/// Looks at the counters every five seconds and keeps the last quarter of an hour. It ends with an
/// exit message.
class history {
public:
  using handle = history_actor;
  explicit history(handle::pointer self) : self_{self} {}
  handle::behavior_type start(history_sources sources);

  static constexpr auto interval = std::chrono::seconds{5};
  static constexpr std::size_t max_points = 180;

  std::string name = "history";

private:
  struct sample {
    work_done counts;
    deadline at;
  };
  sample take_sample() const;
  current_rates rates_now() const;
  void tick();
  void ask_channels();
  void add_point();

  handle::pointer self_;
  history_sources sources_;
  /// The newest, and the one before: rates are over more than an instant.
  sample newest_;
  sample before_;
  process_stats process_;
  std::uint64_t connections_ = 0;
  std::uint64_t sessions_ = 0;
  std::deque<std::shared_ptr<const history_point>> points_;
};

} // namespace muster
