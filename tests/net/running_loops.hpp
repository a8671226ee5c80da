#pragma once

#include "net/loops.hpp"
#include "net/workers.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace muster::test {

/// An actor system on event loops of its own.
struct running_loops {
  explicit running_loops(std::size_t count = 2) : all{count, helpers} {
    all.attach(config);
    system.emplace(config);
  }
  ~running_loops() { system.reset(); }

  /// Runs it on that loop, and waits for it.
  template <class Task>
  auto on(loop& where, Task task) {
    using result = decltype(task());
    auto done = std::make_shared<std::promise<result>>();
    auto future = done->get_future();
    where.post([done, task = std::move(task)] {
      if constexpr (std::is_void_v<result>) {
        task();
        done->set_value();
      } else {
        done->set_value(task());
      }
    });
    return future.get();
  }

  workers helpers{2};
  loops all;
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
};

/// What was noted on any thread, in order; a test waits for what it expects.
class journal {
public:
  void note(std::string what) {
    const std::lock_guard lock{mutex_};
    notes_.push_back(std::move(what));
    changed_.notify_all();
  }

  /// Whether it is noted within some seconds.
  bool has(const std::string& what) {
    return until([&] { return std::find(notes_.begin(), notes_.end(), what) != notes_.end(); });
  }

  /// The first note that begins so, or nothing.
  std::string starting(const std::string& beginning) {
    std::string found;
    until([&] {
      for (const auto& each : notes_)
        if (each.starts_with(beginning))
          found = each;
      return !found.empty();
    });
    return found;
  }

  std::vector<std::string> notes() {
    const std::lock_guard lock{mutex_};
    return notes_;
  }

private:
  bool until(const std::function<bool()>& expected) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, std::chrono::seconds{10}, expected);
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> notes_;
};

} // namespace muster::test
