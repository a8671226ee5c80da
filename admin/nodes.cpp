// The server process itself, and the totals of the front page.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/parts.hpp"
#include "admin/process_stats.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "messages/metrics.hpp"

#include <unistd.h>

#include <functional>

namespace muster {

namespace {

struct totals {
  std::uint64_t channels = 0;
  std::uint64_t channels_active = 0;
  std::uint64_t connections = 0;
  std::uint64_t sessions = 0;
};

void with_totals(const call_ptr& call, std::function<void(const totals&)> then) {
  call->ask<channel_list>(call->addresses().channels, list_channels{},
                          [then = std::move(then)](const channel_list& all) {
                            totals out;
                            for (const auto& info : all.items) {
                              ++out.channels;
                              out.channels_active += info.definition->is_active ? 1U : 0U;
                              out.connections += info.connections;
                              out.sessions += info.sessions;
                            }
                            then(out);
                          });
}

struct topic_totals {
  std::uint64_t topics = 0;
  std::uint64_t subscriptions = 0;
};

void with_topic_totals(const call_ptr& call, std::function<void(const topic_totals&)> then) {
  call->ask<topic_list>(
      call->addresses().topics, list_topics{}, [then = std::move(then)](const topic_list& all) {
        topic_totals out{all.items.size(), 0};
        for (const auto& info : all.items)
          out.subscriptions += info.gauges ? info.gauges->subscriptions.load() : 0;
        then(out);
      });
}

bool is_draining(const endpoint_options& options) {
  return options.draining && options.draining();
}

double uptime(const admin_call& call) {
  return seconds{call.loop().wall_now() - call.parts().options.started_at}.count();
}

void put_listeners(json_writer& json, const endpoint_options& options) {
  json.key("listeners").begin_array();
  for (const auto& each : options.listeners ? options.listeners() : std::vector<bound_listener>{}) {
    json.begin_object().member("name", each.name).member("address", to_string(each.address));
    json.member("tls", each.tls).end_object();
  }
  json.end_array();
}

void put_loops(json_writer& json, const endpoint_options& options) {
  json.key("loops").begin_array();
  const auto all = options.loop_busy_seconds ? options.loop_busy_seconds() : std::vector<double>{};
  for (const auto busy : all)
    json.begin_object().member("busy_seconds", busy).end_object();
  json.end_array();
}

std::string show_node(const admin_call& call, const totals& sums) {
  const auto& options = call.parts().options;
  const auto process = read_process_stats();
  json_writer json;
  json.begin_object().member("name", options.server_name);
  json.member("pid", static_cast<std::int64_t>(getpid())).member("version", options.version);
  json.member("started_at", options.started_at).member("uptime", uptime(call));
  json.member("draining", is_draining(options));
  json.member("connections", sums.connections).member("sessions", sums.sessions);
  json.member("cpu_seconds", process.cpu_seconds);
  json.member("resident_bytes", process.resident_bytes);
  json.member("open_fds", process.open_fds).member("max_fds", process.max_fds);
  json.member("threads", process.threads);
  put_loops(json, options);
  put_listeners(json, options);
  json.end_object();
  return json.take();
}

void list(const call_ptr& call) {
  with_totals(call, [call](const totals& sums) {
    reply_list(*call, {{call->parts().options.server_name, show_node(*call, sums)}},
               {"name", "pid", "version", "started_at", "uptime", "draining", "connections",
                "sessions", "cpu_seconds", "resident_bytes", "open_fds", "max_fds", "threads",
                "loops", "listeners"},
               "name");
  });
}

void put_rates(json_writer& json, const traffic_rates& now) {
  json.key("rates").begin_object();
  json.member("messages_in", now.messages_in).member("messages_out", now.messages_out);
  json.member("bytes_in", now.bytes_in).member("bytes_out", now.bytes_out);
  json.member("connects", now.connects).member("publications", now.publications);
  json.member("deliveries", now.deliveries).member("window", now.window).end_object();
}

void put_counts(json_writer& json) {
  const auto& all = counters();
  json.key("counters").begin_object();
  json.member("connections_accepted", all.connections_accepted.load());
  json.member("sessions_opened", all.sessions_opened.load());
  json.member("sessions_refused", all.sessions_refused.load());
  json.member("messages_in", all.messages_in.load());
  json.member("messages_out", all.messages_out.load());
  json.member("bytes_in", all.bytes_in.load()).member("bytes_out", all.bytes_out.load());
  json.member("messages_dropped", all.messages_dropped.load());
  json.member("publications", all.publications.load());
  json.member("deliveries", all.deliveries.load()).end_object();
}

std::string show_overview(const admin_call& call, const totals& sums, const topic_totals& topics,
                          const traffic_rates& now) {
  const auto& options = call.parts().options;
  json_writer json;
  json.begin_object().member("server_name", options.server_name);
  json.member("version", options.version).member("uptime", uptime(call));
  json.member("draining", is_draining(options)).member("nodes", 1);
  json.member("channels", sums.channels).member("channels_active", sums.channels_active);
  json.member("connections", sums.connections).member("sessions", sums.sessions);
  json.member("topics", topics.topics).member("subscriptions", topics.subscriptions);
  put_rates(json, now);
  put_counts(json);
  json.end_object();
  return json.take();
}

void overview(const call_ptr& call) {
  with_totals(call, [call](const totals& sums) {
    with_topic_totals(call, [call, sums](const topic_totals& topics) {
      call->ask<traffic_rates>(call->parts().rates, take_rates{},
                               [call, sums, topics](const traffic_rates& now) {
                                 call->reply(show_overview(*call, sums, topics, now));
                               });
    });
  });
}

} // namespace

routes node_routes() {
  return {
      {"GET",
       "/api/v1/nodes",
       role::viewer,
       "Lists the servers with their load.",
       list,
       list_query(),
       {},
       false,
       200,
       "node_list"},
      {"GET",
       "/api/v1/overview",
       role::viewer,
       "Totals and rates for the front page.",
       overview,
       {},
       {},
       false,
       200,
       "overview"},
  };
}

} // namespace muster
