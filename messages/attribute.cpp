#include "messages/attribute.hpp"

#include "messages/json_scan.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace muster {

namespace {

using kind = attribute_kind;
using row_type = connection_row;

/// The same for all rows; written before there are threads that read it.
std::string& server_name() {
  static std::string name = "muster";
  return name;
}

attribute_value text_or_null(std::string_view text) {
  if (text.empty())
    return std::monostate{};
  return text;
}

attribute_value time_or_null(timestamp time) {
  if (time == timestamp{})
    return std::monostate{};
  return time;
}

attribute_value address_or_null(const endpoint& address) {
  if (address.ip.empty())
    return std::monostate{};
  return to_string(address);
}

timestamp last_seen(const row_type& row) {
  if (!row.counters)
    return {};
  const auto us = row.counters->last_seen_us.load(std::memory_order_relaxed);
  return timestamp{std::chrono::microseconds{us}};
}

attribute_value span_between(timestamp from, timestamp to) {
  const auto span = std::chrono::duration_cast<std::chrono::nanoseconds>(to - from);
  return std::max<std::int64_t>(span.count(), 0);
}

attribute_value rtt_ms(const row_type& row, timestamp) {
  if (!row.counters)
    return std::monostate{};
  const auto us = row.counters->rtt_us.load(std::memory_order_relaxed);
  if (us < 0)
    return std::monostate{};
  return us / 1000.0;
}

template <auto Counter>
attribute_value count(const row_type& row, timestamp) {
  if (!row.counters)
    return std::monostate{};
  return static_cast<std::int64_t>(((*row.counters).*Counter).load(std::memory_order_relaxed));
}

template <auto Counter>
constexpr attribute counter(std::string_view name, std::string_view about) {
  return {name, kind::number, false, false, count<Counter>, about};
}

attribute_value remote_fqdn(const row_type& row, timestamp) {
  if (row.fqdn_state != dns_state::ok)
    return std::monostate{};
  return text_or_null(row.remote_fqdn);
}

attribute_value tags(const row_type& row, timestamp) {
  if (row.who->tags.empty())
    return std::monostate{};
  return &row.who->tags;
}

attribute_value idle(const row_type& row, timestamp now) {
  return span_between(std::max(last_seen(row), row.from->connected_at), now);
}

using c = connection_counters;
constexpr bool fixed = true;
constexpr bool changes = false;
constexpr bool shown = false;
constexpr bool derived = true;

// The one table of attributes.
constexpr std::array table{
    attribute{"id", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->id); },
              "The connection's own id, never used twice."},
    attribute{"channel", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->channel); },
              "The channel that it is connected to."},
    attribute{"client_id", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.who->client_id); },
              "What the client calls itself; it may connect more than once."},
    attribute{"client_name", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.who->client_name); },
              "The name that the client gave, for people."},
    attribute{"username", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.who->username); },
              "The user name or the key that its session was opened with."},
    attribute{"labels", kind::label_map, changes, shown, tags,
              "What the client says of itself, as keys and values; in selectors label.KEY."},
    attribute{"remote_address", kind::address, fixed, shown,
              [](const row_type& r, timestamp) { return address_or_null(r.from->remote); },
              "Address and port that the connection comes from."},
    attribute{"remote_fqdn", kind::text, changes, shown, remote_fqdn,
              "The name that DNS gives for the remote address."},
    attribute{"remote_fqdn_state", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(to_string(r.fqdn_state)); },
              "How the look-up of that name stands: pending, ok, none or timeout."},
    attribute{"forwarded_for", kind::address, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->forwarded_for); },
              "The client's own address, as the proxy in between says."},
    attribute{"local_address", kind::address, fixed, shown,
              [](const row_type& r, timestamp) { return address_or_null(r.from->local); },
              "Address and port of this server that it came to."},
    attribute{"server_name", kind::text, fixed, shown,
              [](const row_type&, timestamp) { return text_or_null(server_name()); },
              "The server that has the connection."},
    attribute{"server_pid", kind::number, fixed, shown,
              [](const row_type&, timestamp) -> attribute_value {
                return static_cast<std::int64_t>(::getpid());
              },
              "The process that has the connection."},
    attribute{"connected_at", kind::time, fixed, shown,
              [](const row_type& r, timestamp) { return time_or_null(r.from->connected_at); },
              "When the connection was made."},
    attribute{"session_at", kind::time, changes, shown,
              [](const row_type& r, timestamp) { return time_or_null(r.who->session_at); },
              "When the client opened its session."},
    attribute{"last_seen_at", kind::time, changes, shown,
              [](const row_type& r, timestamp) { return time_or_null(last_seen(r)); },
              "When the client last sent something, a Pong counts."},
    attribute{"user_agent", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->user_agent); },
              "The program that the client says it is."},
    attribute{"tls", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->tls); },
              "Version and cipher of TLS; null without TLS."},
    attribute{"rtt_ms", kind::number, changes, shown, rtt_ms,
              "Round trip of the last Ping, in milliseconds."},
    attribute{"state", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(to_string(r.state)); },
              "new (no session yet), ready, or closing."},
    counter<&c::messages_in>("messages_in", "Messages from the client."),
    counter<&c::messages_out>("messages_out", "Messages to the client."),
    counter<&c::bytes_in>("bytes_in", "Bytes of messages from the client."),
    counter<&c::bytes_out>("bytes_out", "Bytes of messages to the client."),
    counter<&c::queue_messages>("queue_messages",
                                "Messages that wait because the client reads slowly."),
    counter<&c::queue_bytes>("queue_bytes", "Bytes that wait because the client reads slowly."),
    counter<&c::dropped>("dropped", "Messages that it lost because it reads slowly."),
    counter<&c::invocations>("invocations", "Calls of the client by the server."),
    counter<&c::invocations_failed>("invocations_failed",
                                    "Calls that it answered with an error, or not in time."),
    counter<&c::subscriptions>("subscriptions", "Topics that it is subscribed to."),
    attribute{"idle", kind::span, changes, derived, idle, "How long the client has been silent."},
    attribute{
        "age", kind::span, changes, derived,
        [](const row_type& r, timestamp now) { return span_between(r.from->connected_at, now); },
        "How long ago the connection was made."},
    attribute{"remote_ip", kind::address, fixed, derived,
              [](const row_type& r, timestamp) { return text_or_null(r.from->remote.ip); },
              "The remote address without its port; compares with networks, such as 10.0.0.0/8."},
};

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), number).ptr;
  out.append(buffer.data(), end);
}

/// Appends a value as JSON.
struct value_writer {
  std::string& out;

  void operator()(std::monostate) { out += "null"; }
  void operator()(std::string_view text) { append_json_string(out, text); }
  void operator()(const std::string& text) { append_json_string(out, text); }
  void operator()(std::int64_t number) { append_number(out, number); }
  void operator()(double number) { append_number(out, number); }
  void operator()(timestamp time) { append_json_string(out, to_rfc3339(time)); }
  void operator()(const labels* map) {
    out += '{';
    for (const auto& [key, value] : *map) {
      if (out.back() != '{')
        out += ',';
      append_json_string(out, key);
      out += ':';
      append_json_string(out, value);
    }
    out += '}';
  }
};

void append_attribute(std::string& out, const attribute& what, const connection_row& row,
                      timestamp now) {
  if (out.back() != '{')
    out += ',';
  append_json_string(out, what.name);
  out += ':';
  if (what.kind == kind::label_map)
    value_writer{out}(&row.who->tags);
  else
    std::visit(value_writer{out}, what.get(row, now));
}

} // namespace

std::span<const attribute> attributes() {
  return table;
}

std::string_view to_string(attribute_kind kind) {
  constexpr std::array<std::string_view, 6> names{"text",   "number",   "time",
                                                  "labels", "duration", "address"};
  return names[static_cast<std::size_t>(kind)];
}

const attribute* find_attribute(std::string_view name) {
  const auto which = std::find_if(table.begin(), table.end(),
                                  [&](const attribute& each) { return each.name == name; });
  return which == table.end() ? nullptr : &*which;
}

void set_server_identity(std::string name) {
  server_name() = std::move(name);
}

void append_row(std::string& out, const connection_row& row, timestamp now,
                std::span<const attribute* const> only) {
  out += '{';
  if (only.empty()) {
    for (const auto& each : table)
      if (!each.derived)
        append_attribute(out, each, row, now);
  } else {
    for (const auto* each : only)
      append_attribute(out, *each, row, now);
  }
  out += '}';
}

} // namespace muster
