#include "net/workers.hpp"

#include <caf/actor_system.hpp>
#include <caf/resumable.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include <utility>

namespace muster {

namespace {

constexpr std::size_t messages_a_job = 100;

} // namespace

/// A thread's place: what its actors wake goes to the loops, unless it is bound to the workers.
class workers::seat final : public caf::execution_unit {
public:
  using caf::execution_unit::execution_unit;
  void exec_later(caf::resumable* job) override { system().scheduler().enqueue(job); }
};

workers::workers(std::size_t threads) : caf::execution_unit{nullptr}, count_{threads} {}

workers::~workers() {
  stop();
}

void workers::start(caf::actor_system& system) {
  system_ = &system;
  stopping_ = false;
  for (std::size_t i = 0; i < count_; ++i)
    threads_.emplace_back([this] { run(); });
}

void workers::stop() {
  {
    const std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  wakeup_.notify_all();
  for (auto& thread : threads_)
    thread.join();
  threads_.clear();
  for (auto* job : std::exchange(jobs_, {}))
    caf::scheduler::abstract_coordinator::cleanup_and_release(job);
}

void workers::exec_later(caf::resumable* job) {
  {
    const std::lock_guard lock{mutex_};
    jobs_.push_back(job);
  }
  wakeup_.notify_one();
}

caf::resumable* workers::next() {
  std::unique_lock lock{mutex_};
  wakeup_.wait(lock, [this] { return stopping_ || !jobs_.empty(); });
  if (jobs_.empty())
    return nullptr;
  auto* job = jobs_.front();
  jobs_.pop_front();
  return job;
}

void workers::run() {
  seat mine{system_};
  while (auto* job = next()) {
    if (job->resume(&mine, messages_a_job) == caf::resumable::resume_later)
      exec_later(job);
    else
      caf::intrusive_ptr_release(job);
  }
}

} // namespace muster
