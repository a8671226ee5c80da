#include "admin/metrics.hpp"

#include "admin/call.hpp"
#include "admin/parts.hpp"
#include "admin/process_stats.hpp"
#include "admin/prometheus.hpp"
#include "admin/resources.hpp"
#include "admin/topic_metrics.hpp"
#include "messages/metrics.hpp"

namespace muster {

namespace {

double value_of(const event_count& count) {
  return static_cast<double>(count.load(std::memory_order_relaxed));
}

void put_process(prometheus_writer& out, const endpoint_options& options) {
  const auto now = read_process_stats();
  const auto start = seconds{options.started_at.time_since_epoch()}.count();
  out.single("process_cpu_seconds_total", "counter", "CPU time of all threads.", now.cpu_seconds);
  out.single("process_resident_memory_bytes", "gauge", "Memory in RAM.",
             static_cast<double>(now.resident_bytes));
  out.single("process_virtual_memory_bytes", "gauge", "Memory that is mapped.",
             static_cast<double>(now.virtual_bytes));
  out.single("process_open_fds", "gauge", "Open descriptors.", static_cast<double>(now.open_fds));
  out.single("process_max_fds", "gauge", "Descriptors that may be open.",
             static_cast<double>(now.max_fds));
  out.single("process_threads", "gauge", "Threads.", static_cast<double>(now.threads));
  out.single("process_start_time_seconds", "gauge", "When the server was started.", start);
  out.single("muster_uptime_seconds", "gauge", "Time since the server was started.",
             seconds{std::chrono::system_clock::now() - options.started_at}.count());
  out.family("muster_build_info", "gauge", "The version that runs.");
  out.sample(1, {{"version", options.version}});
  out.single("muster_draining", "gauge", "1 while the server drains.",
             options.draining && options.draining() ? 1 : 0);
}

void put_loops(prometheus_writer& out, const endpoint_options& options) {
  if (!options.loop_busy_seconds)
    return;
  out.family("muster_loop_busy_seconds_total", "counter", "Time that an event loop was busy.");
  const auto all = options.loop_busy_seconds();
  for (std::size_t i = 0; i < all.size(); ++i)
    out.sample(all[i], {{"loop", std::to_string(i)}});
}

void put_channels(prometheus_writer& out, const channel_list& channels) {
  out.family("muster_connections", "gauge", "Live connections by channel.");
  for (const auto& info : channels.items)
    out.sample(static_cast<double>(info.connections), {{"channel", info.definition->name}});
  out.family("muster_sessions", "gauge", "Live sessions by channel.");
  for (const auto& info : channels.items)
    out.sample(static_cast<double>(info.sessions), {{"channel", info.definition->name}});
}

void put_traffic(prometheus_writer& out) {
  const auto counted = all_counters();
  const auto& all = *counted;
  const auto put = [&](std::string_view name, std::string_view help, const event_count& count) {
    out.single(name, "counter", help, value_of(count));
  };
  put("muster_sockets_accepted_total", "Sockets accepted.", all.sockets_accepted);
  put("muster_connections_accepted_total", "Handshakes completed.", all.connections_accepted);
  put("muster_sessions_opened_total", "Sessions opened.", all.sessions_opened);
  put("muster_sessions_refused_total", "Sessions refused.", all.sessions_refused);
  put("muster_messages_in_total", "Messages received from clients.", all.messages_in);
  put("muster_messages_out_total", "Messages sent to clients.", all.messages_out);
  put("muster_received_bytes_total", "Bytes of messages received.", all.bytes_in);
  put("muster_sent_bytes_total", "Bytes of messages sent.", all.bytes_out);
  put("muster_messages_dropped_total", "Messages to slow clients dropped.", all.messages_dropped);
  put("muster_actor_failures_total", "Actors that ended by a fault.", all.actor_failures);
  put("muster_actor_restarts_total", "Actors that were started again.", all.actor_restarts);
}

/// One sample a number in `names`, and one for all others.
template <class Names, class Counts>
void put_numbered(prometheus_writer& out, std::string_view label, const Names& names,
                  const Counts& counts) {
  for (std::size_t i = 0; i < names.size(); ++i)
    out.sample(value_of(counts[i]), {{label, std::to_string(names[i])}});
  out.sample(value_of(counts[names.size()]), {{label, "other"}});
}

void put_events(prometheus_writer& out) {
  const auto counted = all_counters();
  const auto& all = *counted;
  out.family("muster_handshakes_refused_total", "counter", "Handshakes refused by HTTP status.");
  put_numbered(out, "status", counted_refusals, all.handshakes_refused);
  out.family("muster_closes_total", "counter", "Connections ended by Close code.");
  put_numbered(out, "code", counted_close_codes, all.closes);
  out.family("muster_limit_hits_total", "counter", "Limits that clients hit.");
  for (std::size_t i = 0; i < all.limit_hits.size(); ++i)
    out.sample(value_of(all.limit_hits[i]), {{"limit", to_string(static_cast<limit_kind>(i))}});
  out.family("muster_invocations_total", "counter", "Calls of clients by outcome.");
  for (std::size_t i = 0; i < all.invocations.size(); ++i)
    out.sample(value_of(all.invocations[i]),
               {{"outcome", to_string(static_cast<invoke_outcome>(i))}});
  out.family("muster_admin_requests_total", "counter", "Admin requests by class of status.");
  for (std::size_t i = 0; i < all.admin_requests.size(); ++i)
    out.sample(value_of(all.admin_requests[i]), {{"status", std::to_string(i + 1) + "xx"}});
}

void put_services(prometheus_writer& out, const service_list& services) {
  const auto put = [&](std::string_view name, std::string_view kind, std::string_view help,
                       auto&& value) {
    out.family(name, kind, help);
    for (const auto& info : services.items)
      out.sample(static_cast<double>(value(info)), {{"service", info.name}});
  };
  put("muster_service_calls_total", "counter", "Calls of services.",
      [](const service_info& info) { return info.calls; });
  put("muster_service_errors_total", "counter", "Calls of services that failed.",
      [](const service_info& info) { return info.errors; });
  put("muster_service_seconds_total", "counter", "Time that calls of services took.",
      [](const service_info& info) {
        return info.mean_ms / 1e3 * static_cast<double>(info.calls);
      });
  put("muster_service_in_flight", "gauge", "Calls of services not answered yet.",
      [](const service_info& info) { return info.in_flight; });
  put("muster_service_restarts_total", "counter", "Services that were started again.",
      [](const service_info& info) { return info.restarts; });
}

void reply_text(admin_call& call, const channel_list& channels, const service_list& services,
                const topic_list& topics) {
  call.respond({200,
                {{"Content-Type", "text/plain; version=0.0.4; charset=utf-8"}},
                metrics_text(call.parts().options, channels, services, topics)});
}

/// An actor that does not answer leaves out its part, not the whole.
template <class Reply, class Handle, class Request>
void ask_or_none(const call_ptr& call, const Handle& whom, Request request,
                 std::function<void(const Reply&)> then) {
  call->ask<Reply>(
      whom, std::move(request), then, [then](const caf::error&) { then(Reply{}); }, usual_patience);
}

void metrics(const call_ptr& call) {
  ask_or_none<channel_list>(
      call, call->addresses().channels, list_channels{}, [=](const auto& channels) {
        ask_or_none<service_list>(
            call, call->addresses().services, list_services{}, [=](const auto& services) {
              ask_or_none<topic_list>(
                  call, call->addresses().topics, list_topics{},
                  [=](const auto& topics) { reply_text(*call, channels, services, topics); });
            });
      });
}

} // namespace

std::string metrics_text(const endpoint_options& options, const channel_list& channels,
                         const service_list& services, const topic_list& topics) {
  prometheus_writer out;
  put_process(out, options);
  put_loops(out, options);
  put_channels(out, channels);
  put_traffic(out);
  put_events(out);
  put_services(out, services);
  put_pub_sub(out);
  put_topics(out, topics);
  return out.take();
}

routes metrics_routes(const endpoint_options& options) {
  admin_route each{"GET", "/metrics", role::viewer, "The metrics, as Prometheus reads them.",
                   metrics};
  each.media_type = "text/plain";
  if (options.open_metrics)
    each.needs.reset();
  return {std::move(each)};
}

} // namespace muster
