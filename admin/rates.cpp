#include "admin/rates.hpp"

#include "messages/metrics.hpp"

#include <caf/actor_clock.hpp>

namespace muster {

namespace {

/// Who asks sooner gets a rate over this time at least.
constexpr auto shortest_window = std::chrono::seconds{2};

} // namespace

traffic traffic_of_now() {
  const auto& all = counters();
  return {all.messages_in,          all.messages_out, all.bytes_in,  all.bytes_out,
          all.connections_accepted, all.publications, all.deliveries};
}

traffic_rates rates_between(const traffic& before, const traffic& after, double window) {
  const auto rate = [&](std::uint64_t traffic::*count) {
    return window > 0 ? static_cast<double>(after.*count - before.*count) / window : 0.0;
  };
  return {rate(&traffic::messages_in), rate(&traffic::messages_out),
          rate(&traffic::bytes_in),    rate(&traffic::bytes_out),
          rate(&traffic::connects),    rate(&traffic::publications),
          rate(&traffic::deliveries),  window};
}

rates::rates(handle::pointer self)
    : self_{self}, older_{traffic_of_now(), self->clock().now()}, newer_{older_} {}

rates_actor::behavior_type rates::start() {
  return {[this](const take_rates&) { return take(); }};
}

traffic_rates rates::take() {
  const sample now{traffic_of_now(), self_->clock().now()};
  if (now.at - newer_.at >= shortest_window) {
    older_ = newer_;
    newer_ = now;
  }
  return rates_between(older_.counts, now.counts,
                       std::chrono::duration<double>(now.at - older_.at).count());
}

} // namespace muster
