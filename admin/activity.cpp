#include "admin/activity.hpp"

#include <algorithm>

namespace muster {

namespace {

template <class Counts>
std::uint64_t sum(const Counts& counts) {
  std::uint64_t out = 0;
  for (const auto& each : counts)
    out += each.load(std::memory_order_relaxed);
  return out;
}

std::uint64_t outcomes(const server_counters& all, invoke_outcome which) {
  return all.invocations[static_cast<std::size_t>(which)].load(std::memory_order_relaxed);
}

// A late answer was counted before, when its time was over.
std::uint64_t invocations_of(const server_counters& all) {
  return sum(all.invocations) - outcomes(all, invoke_outcome::late);
}

std::uint64_t errors_of(const server_counters& all) {
  return invocations_of(all) - outcomes(all, invoke_outcome::ok) + all.sessions_refused
         + sum(all.handshakes_refused) + all.publications_refused + all.store_failures
         + all.actor_failures;
}

// A message that was dropped on its way to a subscriber who reads slowly is one of
// `messages_dropped` already; other causes than `depth` are not the client's.
std::uint64_t slow_consumers_of(const server_counters& all) {
  return all.messages_dropped + all.limit_hits[static_cast<std::size_t>(limit_kind::send_queue)]
         + all.deliveries_dropped[static_cast<std::size_t>(drop_cause::depth)];
}

// Counts are read one after the other, while others go on.
double growth(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0.0;
}

} // namespace

work_done work_of(const server_counters& all) {
  work_done out;
  out.messages_in = all.messages_in;
  out.messages_out = all.messages_out;
  out.bytes_in = all.bytes_in;
  out.bytes_out = all.bytes_out;
  out.connects = all.connections_accepted;
  out.disconnects = sum(all.closes);
  out.publications = all.publications;
  out.deliveries = all.deliveries;
  out.invocations = invocations_of(all);
  out.errors = errors_of(all);
  out.slow_consumers = slow_consumers_of(all);
  out.commits = all.store_commits;
  out.commit_ns = all.store_commit_ns;
  return out;
}

activity activity_between(const work_done& before, const work_done& after, double window) {
  activity out;
  out.window = window;
  out.loop_load.resize(after.busy_seconds.size());
  if (window <= 0)
    return out;
  for (std::size_t i = 0; i < shown_rates.size(); ++i)
    out.rates[i] = growth(before.*shown_rates[i].count, after.*shown_rates[i].count) / window;
  constexpr double ns_in_ms = 1e6;
  if (const auto commits = growth(before.commits, after.commits); commits > 0)
    out.commit_ms = growth(before.commit_ns, after.commit_ns) / commits / ns_in_ms;
  out.cpu = std::max(0.0, after.cpu_seconds - before.cpu_seconds) / window;
  for (std::size_t i = 0; i < out.loop_load.size() && i < before.busy_seconds.size(); ++i)
    out.loop_load[i] =
        std::clamp((after.busy_seconds[i] - before.busy_seconds[i]) / window, 0.0, 1.0);
  return out;
}

} // namespace muster
