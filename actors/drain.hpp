#pragma once

#include "actors/interfaces.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <string>

namespace muster {

/// Ends all connections with 1001, spread evenly over a window, and answers when none is left. For
/// one use: it ends with its answer.
using drain_actor = caf::typed_actor<caf::replies_to<drain_connections>::with<done>,
                                     caf::reacts_to<deadline_passed>>;

class drain {
public:
  using handle = drain_actor;
  explicit drain(handle::pointer self);
  handle::behavior_type start(house_ptr addresses);

  std::string name = "drain";

private:
  void start_ending(const std::shared_ptr<const roll_snapshot>& roll, duration window);
  void step();
  void end(const connection_actor& who);
  void look();
  void finish();

  handle::pointer self_;
  house_ptr house_;
  caf::typed_response_promise<done> answer_;
  std::deque<connection_actor> left_;
  std::size_t all_ = 0;
  std::size_t steps_ = 1;
  std::size_t step_ = 0;
  deadline give_up_{};
};

} // namespace muster
