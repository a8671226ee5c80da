#include "actors/drain.hpp"

#include "actors/roll.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

constexpr auto step_time = std::chrono::milliseconds{50};

/// How long the last ones may take for their Close after the window.
constexpr duration grace = std::chrono::seconds{11};

} // namespace

drain::drain(handle::pointer self) : self_{self} {}

drain_actor::behavior_type drain::start(house_ptr addresses) {
  house_ = std::move(addresses);
  return {
      [this](const drain_connections& order) -> caf::result<done> {
        answer_ = self_->make_response_promise<caf::typed_response_promise<done>>();
        self_->request(house_->registry, caf::infinite, take_snapshot{})
            .then([this, window = order.window](
                      const snapshot_taken& taken) { start_ending(taken.roll, window); },
                  [this](const caf::error&) { finish(); });
        return answer_;
      },
      [this](const deadline_passed&) { step(); },
  };
}

void drain::start_ending(const std::shared_ptr<const roll_snapshot>& roll, duration window) {
  roll->for_each(
      [this](const roll_entry& entry, roll_ticket) { left_.push_back(entry.connection); });
  all_ = left_.size();
  steps_ = std::max<std::size_t>(1, static_cast<std::size_t>(window / step_time));
  give_up_ = self_->clock().now() + window + grace;
  spdlog::info("ending {} connections", left_.size());
  step();
}

void drain::step() {
  ++step_;
  const auto stay = all_ - all_ * std::min(step_, steps_) / steps_;
  for (; left_.size() > stay; left_.pop_front())
    end(left_.front());
  if (left_.empty())
    look();
  else
    self_->delayed_send(self_, step_time, deadline_passed{});
}

void drain::end(const connection_actor& who) {
  self_->send_exit(
      who, to_exit_reason({close_code::going_away, "The server is shutting down", "server"}));
}

// Those that came in meanwhile get their order too; then it waits until the roll is empty.
void drain::look() {
  self_->request(house_->registry, caf::infinite, take_snapshot{})
      .then(
          [this](const snapshot_taken& taken) {
            const bool late = self_->clock().now() >= give_up_;
            taken.roll->for_each([&](const roll_entry& entry, roll_ticket) {
              if (late)
                self_->send_exit(entry.connection, caf::exit_reason::kill);
              else if (entry.row->state != connection_state::closing)
                end(entry.connection);
            });
            if (late || taken.roll->size() == 0)
              finish();
            else
              self_->delayed_send(self_, step_time, deadline_passed{});
          },
          [this](const caf::error&) { finish(); });
}

void drain::finish() {
  answer_.deliver(done{});
  self_->quit();
}

} // namespace muster
