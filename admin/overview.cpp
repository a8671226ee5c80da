// The front page: how much there is, what goes on, and the last quarter of an hour of that.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"
#include "admin/totals.hpp"
#include "messages/metrics.hpp"

namespace muster {

namespace {

struct topic_totals {
  std::uint64_t topics = 0;
  std::uint64_t subscriptions = 0;
};

topic_totals totals_of(const topic_list& all) {
  topic_totals out{all.items.size(), 0};
  for (const auto& info : all.items)
    out.subscriptions += info.gauges ? info.gauges->subscriptions.load() : 0;
  return out;
}

void put_rates(json_writer& json, const activity& done) {
  for (std::size_t i = 0; i < shown_rates.size(); ++i)
    json.member(shown_rates[i].name, done.rates[i]);
}

void put_loop_load(json_writer& json, const activity& done) {
  json.key("loop_load").begin_array();
  for (const auto load : done.loop_load)
    json.value(load);
  json.end_array();
}

void put_counts(json_writer& json) {
  const auto counted = all_counters();
  const auto& all = *counted;
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
                          const current_rates& now) {
  const auto& options = call.parts().options;
  json_writer json;
  json.begin_object().member("server_name", options.server_name);
  json.member("version", options.version);
  json.member("uptime", options.uptime(call.loop().wall_now()));
  json.member("draining", options.is_draining()).member("nodes", 1);
  json.member("channels", sums.channels).member("channels_active", sums.channels_active);
  json.member("connections", sums.connections).member("sessions", sums.sessions);
  json.member("topics", topics.topics).member("subscriptions", topics.subscriptions);
  json.member("resident_bytes", now.process.resident_bytes);
  json.member("open_fds", now.process.open_fds).member("max_fds", now.process.max_fds);
  put_loop_load(json, now.done);
  json.member("commit_ms", now.done.commit_ms);
  json.key("rates").begin_object();
  put_rates(json, now.done);
  json.member("window", now.done.window).end_object();
  put_counts(json);
  json.end_object();
  return json.take();
}

void show_with(const call_ptr& call, const totals& sums, const topic_totals& topics) {
  call->ask<current_rates>(call->parts().history, take_rates{},
                           [call, sums, topics](const current_rates& now) {
                             call->reply(show_overview(*call, sums, topics, now));
                           });
}

void show(const call_ptr& call) {
  call->ask<channel_list>(
      call->addresses().channels, list_channels{}, [call](const channel_list& channels) {
        call->ask<topic_list>(call->addresses().topics, list_topics{},
                              [call, sums = totals_of(channels)](const topic_list& topics) {
                                show_with(call, sums, totals_of(topics));
                              });
      });
}

void put_point(json_writer& json, const history_point& point) {
  json.begin_object().member("at", point.at);
  json.member("connections", point.connections).member("sessions", point.sessions);
  put_rates(json, point.done);
  json.member("commit_ms", point.done.commit_ms);
  json.member("resident_bytes", point.resident_bytes).member("cpu", point.done.cpu);
  put_loop_load(json, point.done);
  json.end_object();
}

void show_history(const call_ptr& call) {
  call->ask<kept_history>(call->parts().history, take_history{}, [call](const kept_history& past) {
    json_writer json;
    json.begin_object();
    json.member("interval", std::chrono::seconds{history::interval}.count());
    json.key("items").begin_array();
    for (const auto& point : past.points)
      put_point(json, *point);
    json.end_array().end_object();
    call->reply(json.take());
  });
}

} // namespace

routes overview_routes() {
  const std::string path = "/api/v1/overview";
  return {
      {"GET",
       path,
       role::viewer,
       "Totals and rates for the front page.",
       show,
       {},
       {},
       false,
       200,
       "overview"},
      {"GET",
       path + "/history",
       role::viewer,
       "The same every five seconds, for the last quarter of an hour.",
       show_history,
       {},
       {},
       false,
       200,
       "history"},
  };
}

} // namespace muster
