#pragma once

#include "messages/time.hpp"

#include <array>
#include <cstddef>

namespace muster {

/// Keeps many deadlines coarsely: each fires at most one tick late and never early. Arming and
/// disarming cost the same however many there are, and allocate nothing. For one thread.
class wheel {
public:
  static constexpr duration tick = std::chrono::milliseconds{10};

  /// Something with one deadline; disarms itself when it goes.
  class timer {
  public:
    timer() = default;
    timer(const timer&) = delete;
    timer& operator=(const timer&) = delete;
    virtual ~timer() { disarm(); }

    bool armed() const { return next_ != nullptr; }
    deadline due() const { return due_; }
    void disarm();

  protected:
    /// The deadline has passed; the timer is disarmed by then and may be armed again.
    virtual void on_deadline() = 0;

  private:
    friend class wheel;
    timer* next_ = nullptr;
    timer* previous_ = nullptr;
    wheel* wheel_ = nullptr;
    deadline due_{};
  };

  explicit wheel(deadline now);
  ~wheel();
  wheel(const wheel&) = delete;
  wheel& operator=(const wheel&) = delete;

  /// Arms the timer, or moves it.
  void arm(timer& which, deadline due);

  /// Fires all that are due. A timer armed by one that fires waits for the next call.
  void advance(deadline now);

  std::size_t size() const { return armed_; }

  /// Nothing fires before; the end of time when nothing is armed.
  deadline next() const { return armed_ == 0 ? deadline::max() : next_; }

private:
  static constexpr std::size_t slots = 1024;
  struct head final : timer {
    void on_deadline() override {}
  };
  static void link(timer& list, timer& which);
  static void unlink(timer& which);
  std::int64_t tick_of(deadline due) const;
  static bool idle(const timer& list) { return list.next_ == &list; }
  static void fire(timer& list);
  void find_next();

  std::array<head, slots> slots_;
  deadline origin_;
  /// The first tick that has not been fired yet, counted from the origin.
  std::int64_t position_ = 0;
  std::size_t armed_ = 0;
  deadline next_ = deadline::max();
};

} // namespace muster
