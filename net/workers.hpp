#pragma once

#include <caf/execution_unit.hpp>

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace muster {

/// A small pool of threads for actors that block or compute for long: those that were spawned on it
/// (`spawn_on`) and no others. Any thread.
class workers final : public caf::execution_unit {
public:
  explicit workers(std::size_t threads = 2);
  ~workers() override;
  workers(const workers&) = delete;
  workers& operator=(const workers&) = delete;

  void exec_later(caf::resumable* job) override;

  /// For `loops`, which starts them with the actor system and stops them when no actor is left.
  void start(caf::actor_system& system);
  void stop();

private:
  class seat;

  void run();
  caf::resumable* next();

  std::size_t count_;
  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable wakeup_;
  std::deque<caf::resumable*> jobs_;
  bool stopping_ = false;
};

} // namespace muster
