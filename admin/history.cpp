#include "admin/history.hpp"

#include "admin/totals.hpp"

#include <caf/actor_clock.hpp>

namespace muster {

namespace {

/// Rates are over this time at least.
constexpr auto shortest_window = std::chrono::seconds{2};
/// Who does not answer for so long is asked again at the next tick; the last answer counts.
constexpr auto patience = std::chrono::seconds{1};

double seconds_between(deadline from, deadline to) {
  return std::chrono::duration<double>(to - from).count();
}

} // namespace

process_watch_actor::behavior_type process_watch::start() {
  return {[](const look_at_process&) { return read_process_stats(); }};
}

history_actor::behavior_type history::start(history_sources sources) {
  sources_ = std::move(sources);
  process_ = read_process_stats(); // few files are open yet
  newest_ = before_ = take_sample();
  self_->delayed_send(self_, interval, history_tick{});
  return {
      [this](const take_rates&) { return rates_now(); },
      [this](const take_history&) {
        return kept_history{{points_.begin(), points_.end()}};
      },
      [this](const history_tick&) { tick(); },
  };
}

history::sample history::take_sample() const {
  auto counts = work_of(*all_counters());
  counts.cpu_seconds = read_cpu_seconds();
  if (sources_.busy_seconds)
    counts.busy_seconds = sources_.busy_seconds();
  return {std::move(counts), self_->clock().now()};
}

current_rates history::rates_now() const {
  const auto now = take_sample();
  const auto& from = now.at - newest_.at >= shortest_window ? newest_ : before_;
  return {activity_between(from.counts, now.counts, seconds_between(from.at, now.at)), process_};
}

// First the process, then the channels, then the point with what they have said.
void history::tick() {
  self_->delayed_send(self_, interval, history_tick{});
  self_->request(sources_.process, patience, look_at_process{})
      .then(
          [this](const process_stats& seen) {
            process_ = seen;
            ask_channels();
          },
          [this](const caf::error&) { ask_channels(); });
}

void history::ask_channels() {
  if (!sources_.supervisor) {
    add_point();
    return;
  }
  const auto go_on = [this](const caf::error&) { add_point(); };
  self_->request(sources_.supervisor, patience, find_house{})
      .then(
          [this, go_on](const house_ptr& addresses) {
            self_->request(addresses->channels, patience, list_channels{})
                .then(
                    [this](const channel_list& all) {
                      const auto sums = totals_of(all);
                      connections_ = sums.connections;
                      sessions_ = sums.sessions;
                      add_point();
                    },
                    go_on);
          },
          go_on);
}

void history::add_point() {
  before_ = std::move(newest_);
  newest_ = take_sample();
  auto done =
      activity_between(before_.counts, newest_.counts, seconds_between(before_.at, newest_.at));
  points_.push_back(std::make_shared<const history_point>(
      history_point{std::chrono::system_clock::now(), connections_, sessions_,
                    process_.resident_bytes, std::move(done)}));
  if (points_.size() > max_points)
    points_.pop_front();
}

} // namespace muster
