// The server process itself.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/parts.hpp"
#include "admin/process_stats.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "admin/totals.hpp"

#include <unistd.h>

namespace muster {

namespace {

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
  json.member("started_at", options.started_at)
      .member("uptime", options.uptime(call.loop().wall_now()));
  json.member("draining", options.is_draining());
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
  call->ask<channel_list>(
      call->addresses().channels, list_channels{}, [call](const channel_list& all) {
        reply_list(*call, {{call->parts().options.server_name, show_node(*call, totals_of(all))}},
                   {"name", "pid", "version", "started_at", "uptime", "draining", "connections",
                    "sessions", "cpu_seconds", "resident_bytes", "open_fds", "max_fds", "threads",
                    "loops", "listeners"},
                   "name");
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
  };
}

} // namespace muster
