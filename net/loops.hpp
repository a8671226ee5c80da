#pragma once

#include "actors/interfaces.hpp"
#include "net/loop.hpp"

#include <caf/actor.hpp>
#include <caf/actor_system_config.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace muster {

class workers;

/// All event loops, which are the scheduler of the actor system too. They are made before the actor
/// system and go after it; their threads run from its beginning until all actors have ended.
class loops {
public:
  /// The workers start and stop with the loops.
  loops(std::size_t count, workers& helpers);
  ~loops();
  loops(const loops&) = delete;
  loops& operator=(const loops&) = delete;

  /// Makes an actor system with this configuration run on the loops; once.
  void attach(caf::actor_system_config& config);

  std::size_t size() const { return loops_.size(); }
  loop& operator[](std::size_t index) { return *loops_[index]; }
  /// The loops one after the other; any thread.
  loop& next();

  /// Tells the desks of all loops the addresses of now; any thread, while the actor system lives.
  void publish(const house_ptr& addresses);
  /// Ends all connections, without a word to the peers; any thread.
  void drop_connections();

private:
  class scheduler;

  std::vector<std::unique_ptr<loop>> loops_;
  workers& workers_;
  std::atomic<std::size_t> next_{0};
};

} // namespace muster
