#pragma once

#include "actors/home.hpp"
#include "actors/spawn.hpp"
#include "messages/errc.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace muster::test {

/// What became of a request: nothing yet, a reply, or an error. Read it after it was asked.
template <class Reply>
class answer {
public:
  struct slot {
    std::unique_ptr<Reply> reply;
    caf::error failure;
  };

  bool pending() const { return !slot_->reply && !slot_->failure; }
  bool replied() const { return slot_->reply != nullptr; }
  bool failed() const { return static_cast<bool>(slot_->failure); }

  /// Throws, and so fails the test, when there is none.
  const Reply& reply() const {
    if (!slot_->reply)
      throw std::logic_error{failed() ? "failed: " + detail_of(failure()) : "still pending"};
    return *slot_->reply;
  }
  const Reply& operator*() const { return reply(); }
  const Reply* operator->() const { return &reply(); }

  const caf::error& failure() const { return slot_->failure; }
  errc error() const {
    if (!failed())
      throw std::logic_error{"there is no error"};
    return code_of(failure());
  }

  std::shared_ptr<slot> slot_ = std::make_shared<slot>();
};

/// A loop without a socket or a thread: its jobs run with the world's, its time is the world's.
class fake_home final : public home {
public:
  fake_home(caf::actor_system& system, caf::scheduler::test_coordinator& scheduler,
            timestamp wall_start)
      : home{&system}, scheduler_{scheduler}, start_{scheduler.clock().now()},
        wall_start_{wall_start}, wheel_{start_} {}

  void exec_later(caf::resumable* job) override {
    static_cast<caf::scheduler::abstract_coordinator&>(scheduler_).enqueue(job);
  }

  deadline now() const override { return scheduler_.clock().current_time; }
  timestamp wall_now() const override {
    return wall_start_ + std::chrono::duration_cast<timestamp::duration>(now() - start_);
  }
  wheel& deadlines() override { return wheel_; }
  void post(std::function<void()> task) override { tasks_.push_back(std::move(task)); }

  /// Runs the tasks that were posted before; false when there are none.
  bool run_tasks() {
    const auto due = std::exchange(tasks_, {});
    for (const auto& task : due)
      task();
    return !due.empty();
  }

private:
  caf::scheduler::test_coordinator& scheduler_;
  deadline start_;
  timestamp wall_start_;
  wheel wheel_;
  std::vector<std::function<void()>> tasks_;
};

/// A world of actors where nothing happens by itself: messages are handled in `settle`, time goes
/// by in `pass`. Everything runs on the test's thread.
class actor_world {
  struct config : caf::actor_system_config {
    config() { set("scheduler.policy", caf::atom("testing")); }
  } config_;

public:
  caf::actor_system system{config_};
  caf::scheduler::test_coordinator& scheduler =
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  /// 2026-11-23T12:00:00Z
  timestamp wall_start{std::chrono::seconds{1795435200}};
  fake_home loop{system, scheduler, wall_start};

  actor_world() = default;
  actor_world(const actor_world&) = delete;
  actor_world& operator=(const actor_world&) = delete;

  ~actor_world() {
    // An actor that a test left alone must not keep the system waiting.
    for (const auto& weak : started_)
      if (auto alive = caf::actor_cast<caf::strong_actor_ptr>(weak))
        caf::anon_send_exit(caf::actor_cast<caf::actor>(alive), caf::exit_reason::kill);
    settle();
    system.await_actors_before_shutdown(false);
  }

  /// Starts an actor that runs wherever it is woken; it is killed when the world ends.
  template <class Actor, class... Args>
  typename Actor::handle start(Args... args) {
    return keep(spawn<Actor>(system, std::move(args)...));
  }

  /// Starts an actor that is bound to `loop`.
  template <class Actor, class... Args>
  typename Actor::handle start_on_loop(Args... args) {
    return keep(spawn_on<Actor>(system, loop, std::move(args)...));
  }

  /// Has the world kill the actor at its end.
  template <class Handle>
  Handle keep(Handle actor) {
    started_.push_back(caf::actor_cast<caf::weak_actor_ptr>(actor));
    return actor;
  }

  /// Handles messages, and runs what was posted to the loop, until there is nothing left.
  void settle() {
    do {
      while (scheduler.try_run_once()) {
      }
    } while (loop.run_tasks());
  }

  /// Lets time go by, tick by tick, with all that happens meanwhile.
  void pass(duration time) {
    const auto end = loop.now() + time;
    settle();
    while (loop.now() < end) {
      const auto step = std::min<duration>(wheel::tick, end - loop.now());
      scheduler.advance_time(std::chrono::duration_cast<caf::timespan>(step));
      loop.deadlines().advance(loop.now());
      settle();
    }
  }

  /// Sends without an interest in an answer, and settles.
  template <class Handle, class Message>
  void tell(const Handle& to, Message message) {
    caf::anon_send(caf::actor_cast<caf::actor>(to), std::move(message));
    settle();
  }

  /// Sends a request and settles; the answer may still be pending then and come later.
  template <class Reply, class Handle, class Message>
  answer<Reply> ask(const Handle& to, Message message) {
    auto result = ask_later<Reply>(to, std::move(message));
    settle();
    return result;
  }

  /// Sends a request that is handled in the next `settle`.
  template <class Reply, class Handle, class Message>
  answer<Reply> ask_later(const Handle& to, Message message) {
    answer<Reply> result;
    auto asker =
        system.spawn<caf::hidden>([slot = result.slot_, whom = caf::actor_cast<caf::actor>(to),
                                   message = std::move(message)](caf::event_based_actor* self) {
          self->request(whom, caf::infinite, message)
              .then([slot](const Reply& reply) { slot->reply = std::make_unique<Reply>(reply); },
                    [slot](const caf::error& failure) { slot->failure = failure; });
        });
    keep(asker);
    return result;
  }

  /// Ends an actor with an exit message, and settles.
  template <class Handle>
  void exit(const Handle& actor, caf::error reason = caf::exit_reason::user_shutdown) {
    const auto whom = caf::actor_cast<caf::actor>(actor);
    caf::anon_send(whom, caf::exit_msg{whom.address(), std::move(reason)});
    settle();
  }

private:
  std::vector<caf::weak_actor_ptr> started_;
};

} // namespace muster::test
