#include "net/loops.hpp"

#include "net/front_desk.hpp"
#include "net/loop_clock.hpp"
#include "net/workers.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>
#include <caf/send.hpp>

#include <stdexcept>

namespace muster {

/// The loops as CAF sees them.
class loops::scheduler final : public caf::scheduler::abstract_coordinator {
public:
  scheduler(caf::actor_system& system, loops& all)
      : abstract_coordinator{system}, loops_{all}, clock_{all[0]} {}

  void enqueue(caf::resumable* job) override {
    auto* here = loop::current();
    (here != nullptr ? *here : loops_.next()).exec_later(job);
  }

  caf::actor_clock& clock() noexcept override { return clock_; }

  void start() override {
    for (auto& each : loops_.loops_)
      each->start(system());
    loops_.workers_.start(system());
    abstract_coordinator::start();
  }

  // No actor is left by now but CAF's own.
  void stop() override {
    stop_actors();
    loops_.workers_.stop();
    clock_.close();
    for (auto& each : loops_.loops_)
      each->stop();
  }

private:
  loops& loops_;
  loop_clock clock_;
};

loops::loops(std::size_t count, workers& helpers) : workers_{helpers} {
  if (count == 0)
    throw std::invalid_argument{"there must be an event loop"};
  for (std::size_t i = 0; i < count; ++i)
    loops_.push_back(std::make_unique<loop>(i));
}

loops::~loops() = default;

void loops::attach(caf::actor_system_config& config) {
  config.module_factories.emplace_back([this](caf::actor_system& system) {
    return static_cast<caf::actor_system::module*>(
        std::make_unique<scheduler>(system, *this).release());
  });
}

loop& loops::next() {
  return *loops_[next_.fetch_add(1, std::memory_order_relaxed) % loops_.size()];
}

void loops::drop_connections() {
  for (auto& each : loops_)
    each->post([&each = *each] { each.drop_known(); });
}

void loops::publish(const house_ptr& addresses) {
  for (auto& each : loops_)
    caf::anon_send(each->desk().address(), addresses);
}

} // namespace muster
