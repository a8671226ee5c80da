#include "admin/topic_metrics.hpp"

#include "messages/metrics.hpp"

#include <algorithm>

namespace muster {

namespace {

constexpr std::size_t most_topics = 100;

using gauge = std::atomic<std::uint64_t> topic_gauges::*;

std::uint64_t value_of(const topic_info& info, gauge which) {
  return info.gauges ? (*info.gauges.*which).load(std::memory_order_relaxed) : 0;
}

/// A topic with the count that it is ranked by: counts go on growing meanwhile.
std::vector<const topic_info*> busiest(const topic_list& topics) {
  std::vector<std::pair<std::uint64_t, const topic_info*>> ranked;
  for (const auto& info : topics.items)
    ranked.emplace_back(value_of(info, &topic_gauges::publications), &info);
  const auto end =
      ranked.begin() + static_cast<std::ptrdiff_t>(std::min(most_topics, ranked.size()));
  std::partial_sort(ranked.begin(), end, ranked.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first
                              : a.second->definition->name < b.second->definition->name;
  });
  std::vector<const topic_info*> out;
  std::transform(ranked.begin(), end, std::back_inserter(out),
                 [](const auto& each) { return each.second; });
  return out;
}

} // namespace

void put_pub_sub(prometheus_writer& out) {
  const auto counted = all_counters();
  const auto& all = *counted;
  const auto put = [&](std::string_view name, std::string_view help, const event_count& count) {
    out.single(name, "counter", help, static_cast<double>(count.load(std::memory_order_relaxed)));
  };
  put("muster_publications_total", "Messages that topics took.", all.publications);
  put("muster_publications_refused_total", "Messages that topics refused.",
      all.publications_refused);
  put("muster_deliveries_total", "Messages handed to subscribers.", all.deliveries);
  put("muster_redeliveries_total", "Messages handed to a subscriber again.", all.redeliveries);
  put("muster_acknowledgements_total", "Messages that clients acknowledged.", all.acknowledgements);
  out.family("muster_deliveries_dropped_total", "counter",
             "Messages that a subscription did not get, by cause.");
  for (std::size_t i = 0; i < drop_causes; ++i)
    out.sample(static_cast<double>(all.deliveries_dropped[i].load(std::memory_order_relaxed)),
               {{"cause", to_string(static_cast<drop_cause>(i))}});
  put("muster_store_commits_total", "Transactions of the database.", all.store_commits);
  put("muster_store_failures_total", "Transactions of the database that failed.",
      all.store_failures);
  out.single("muster_store_commit_seconds_total", "counter",
             "Time that transactions of the database took.",
             static_cast<double>(all.store_commit_ns.load(std::memory_order_relaxed)) / 1e9);
  put("muster_damaged_records_total", "Stored records that were not what was written.",
      all.damaged_records);
}

void put_topics(prometheus_writer& out, const topic_list& topics) {
  std::uint64_t subscriptions = 0;
  for (const auto& info : topics.items)
    subscriptions += value_of(info, &topic_gauges::subscriptions);
  out.single("muster_topics", "gauge", "Topics.", static_cast<double>(topics.items.size()));
  out.single("muster_subscriptions", "gauge", "Subscriptions of all topics.",
             static_cast<double>(subscriptions));
  const auto shown = busiest(topics);
  const auto put = [&](std::string_view name, std::string_view kind, std::string help,
                       gauge which) {
    out.family(name, kind, help + " Only the 100 topics with the most publications.");
    for (const auto* info : shown)
      out.sample(static_cast<double>(value_of(*info, which)), {{"topic", info->definition->name}});
  };
  put("muster_topic_messages", "gauge", "Messages that a topic keeps.", &topic_gauges::messages);
  put("muster_topic_depth", "gauge", "The most that waits for a lasting subscription.",
      &topic_gauges::depth);
  put("muster_topic_publications_total", "counter", "Messages that a topic took.",
      &topic_gauges::publications);
  put("muster_topic_deliveries_total", "counter", "Messages that a topic's subscribers got.",
      &topic_gauges::deliveries);
}

} // namespace muster
