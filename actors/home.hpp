#pragma once

#include "actors/wheel.hpp"
#include "messages/time.hpp"

#include <caf/execution_unit.hpp>

#include <functional>

namespace muster {

/// The event loop that an actor lives on, as the actor sees it: where it runs, what time it is, and
/// the wheel that keeps its deadlines. Used on the loop's own thread only, but for
/// `post`.
class home : public caf::execution_unit {
public:
  using caf::execution_unit::execution_unit;

  /// Taken once a turn of the loop.
  virtual deadline now() const = 0;
  virtual timestamp wall_now() const = 0;
  virtual wheel& deadlines() = 0;
  /// Runs the task in a turn of its own, outside of any actor's; dropped when the loop has stopped.
  /// Any thread.
  virtual void post(std::function<void()> task) = 0;
};

} // namespace muster
