#include "bench/wsload/report.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace muster::bench {
namespace {

/// One object of JSON, in the order in which its members are added.
class json_line {
public:
  void add(std::string_view key, double value) {
    char text[64];
    std::snprintf(text, sizeof text, value == std::trunc(value) ? "%.0f" : "%.3f", value);
    add_raw(key, text);
  }

  void add(std::string_view key, std::string_view value) {
    std::string quoted = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\')
        quoted += '\\';
      quoted += static_cast<unsigned char>(c) < 32 ? ' ' : c;
    }
    add_raw(key, quoted + "\"");
  }

  std::string text() const { return "{" + body_ + "}"; }

private:
  void add_raw(std::string_view key, std::string_view value) {
    if (!body_.empty())
      body_ += ", ";
    body_.append("\"").append(key).append("\": ").append(value);
  }

  std::string body_;
};

double growth(const process_use& from, const process_use& to, double connections) {
  return 1024.0 * static_cast<double>(to.rss_kb - from.rss_kb) / connections;
}

// What one request or publication, and one reply or delivery, takes on the wire.
void add_bytes(json_line& line, const options& settings, const statistics& counts) {
  if (settings.adapter == "http" || settings.adapter == "tcp" || counts.messages == 0)
    return;
  if (counts.sent > 0)
    line.add("bytes_out_each",
             static_cast<double>(counts.bytes_out) / static_cast<double>(counts.sent));
  line.add("bytes_in_each",
           static_cast<double>(counts.bytes_in) / static_cast<double>(counts.messages));
}

void add_traffic(json_line& line, const options& settings, const run_result& result) {
  const auto& counts = result.counts;
  const bool echo = settings.mode == load_mode::echo;
  const auto messages = static_cast<double>(counts.messages);
  line.add("size", settings.size);
  line.add("rate", settings.rate);
  if (echo) {
    line.add("pipeline", settings.pipeline);
  } else if (settings.mode == load_mode::fanout) {
    line.add("pubs", settings.pubs);
    line.add("window", settings.window);
  }
  line.add("seconds", result.seconds);
  line.add(echo ? "messages" : "deliveries", messages);
  line.add("per_s", messages / result.seconds);
  add_bytes(line, settings, counts);
  if (settings.mode == load_mode::replay) {
    const auto all = static_cast<double>(settings.count) * settings.conns;
    line.add("count", settings.count);
    line.add("lost", std::max(0.0, all - messages));
    return; // how old the messages are says nothing
  }
  if (!echo) {
    const auto published = static_cast<double>(result.published);
    line.add("published", published);
    line.add("lost", published * settings.conns - static_cast<double>(counts.all_messages));
  }
  line.add("p50_us", counts.latency.us(0.50));
  line.add("p99_us", counts.latency.us(0.99));
  line.add("p999_us", counts.latency.us(0.999));
  line.add("max_us", counts.latency.max_us());
}

void add_idle(json_line& line, const options& settings, const run_result& result) {
  const double connections = std::max(1, result.ready);
  line.add("connect_s", result.connect_s);
  line.add("per_s", result.ready / result.connect_s);
  if (!settings.pids.empty()) {
    line.add("rss_before_kb", static_cast<double>(result.at_start.rss_kb));
    line.add("rss_connected_kb", static_cast<double>(result.connected.rss_kb));
    line.add("rss_after_hold_kb", static_cast<double>(result.end.rss_kb));
    line.add("rss_per_conn_bytes", growth(result.at_start, result.connected, connections));
    line.add("rss_per_conn_after_hold_bytes", growth(result.at_start, result.end, connections));
    line.add("server_cpu_us_per_handshake",
             1e6 * (result.connected.cpu_s - result.at_start.cpu_s) / connections);
    line.add("server_cpu_hold_pct", 100 * (result.end.cpu_s - result.begin.cpu_s) / result.seconds);
  }
  line.add("kernel_slab_per_conn_both_ends_bytes",
           1024.0 * static_cast<double>(result.kernel_slab_kb) / connections);
}

void add_cpu(json_line& line, const options& settings, const run_result& result,
             std::uint64_t done) {
  line.add("client_cpu_pct", 100 * result.own_cpu_s / result.seconds);
  if (settings.pids.empty() || done == 0)
    return;
  const auto cpu_s = result.end.cpu_s - result.begin.cpu_s;
  line.add("server_cpu_pct", 100 * cpu_s / result.seconds);
  line.add("server_cpu_us_per_msg", 1e6 * cpu_s / static_cast<double>(done));
  line.add("server_rss_kb", static_cast<double>(result.end.rss_kb));
}

} // namespace

std::string report(const options& settings, const run_result& result) {
  const auto& counts = result.counts;
  const bool idle = settings.mode == load_mode::idle;
  const bool churn = settings.mode == load_mode::churn;
  json_line line;
  if (!settings.label.empty())
    line.add("label", settings.label);
  line.add("mode", settings.mode_name);
  line.add("conns", settings.conns);
  if (!churn)
    line.add("ready", result.ready);
  line.add("failed", result.failed);
  line.add("dropped", result.dropped);
  if (churn) {
    line.add("seconds", result.seconds);
    line.add("per_s", static_cast<double>(counts.cycles) / result.seconds);
  } else if (idle) {
    add_idle(line, settings, result);
  } else {
    add_traffic(line, settings, result);
  }
  if (counts.handshake.count() > 0) {
    line.add("handshake_p50_us", counts.handshake.us(0.50));
    line.add("handshake_p99_us", counts.handshake.us(0.99));
  }
  if (!idle)
    add_cpu(line, settings, result, churn ? counts.cycles : counts.messages);
  return line.text();
}

} // namespace muster::bench
