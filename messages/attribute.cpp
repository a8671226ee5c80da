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
constexpr attribute counter(std::string_view name) {
  return {name, kind::number, false, false, count<Counter>};
}

attribute_value remote_fqdn(const row_type& row, timestamp) {
  if (row.fqdn_state != dns_state::ok)
    return std::monostate{};
  return text_or_null(row.remote_fqdn);
}

attribute_value tags(const row_type& row, timestamp) {
  if (row.tags.empty())
    return std::monostate{};
  return &row.tags;
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
              [](const row_type& r, timestamp) { return text_or_null(r.from->id); }},
    attribute{"channel", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->channel); }},
    attribute{"client_id", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.client_id); }},
    attribute{"client_name", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.client_name); }},
    attribute{"username", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.username); }},
    attribute{"labels", kind::label_map, changes, shown, tags},
    attribute{"remote_address", kind::address, fixed, shown,
              [](const row_type& r, timestamp) { return address_or_null(r.from->remote); }},
    attribute{"remote_fqdn", kind::text, changes, shown, remote_fqdn},
    attribute{"remote_fqdn_state", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(to_string(r.fqdn_state)); }},
    attribute{"forwarded_for", kind::address, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->forwarded_for); }},
    attribute{"local_address", kind::address, fixed, shown,
              [](const row_type& r, timestamp) { return address_or_null(r.from->local); }},
    attribute{"server_name", kind::text, fixed, shown,
              [](const row_type&, timestamp) { return text_or_null(server_name()); }},
    attribute{"server_pid", kind::number, fixed, shown,
              [](const row_type&, timestamp) -> attribute_value {
                return static_cast<std::int64_t>(::getpid());
              }},
    attribute{"connected_at", kind::time, fixed, shown,
              [](const row_type& r, timestamp) { return time_or_null(r.from->connected_at); }},
    attribute{"session_at", kind::time, changes, shown,
              [](const row_type& r, timestamp) { return time_or_null(r.session_at); }},
    attribute{"last_seen_at", kind::time, changes, shown,
              [](const row_type& r, timestamp) { return time_or_null(last_seen(r)); }},
    attribute{"user_agent", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->user_agent); }},
    attribute{"tls", kind::text, fixed, shown,
              [](const row_type& r, timestamp) { return text_or_null(r.from->tls); }},
    attribute{"rtt_ms", kind::number, changes, shown, rtt_ms},
    attribute{"state", kind::text, changes, shown,
              [](const row_type& r, timestamp) { return text_or_null(to_string(r.state)); }},
    counter<&c::messages_in>("messages_in"),
    counter<&c::messages_out>("messages_out"),
    counter<&c::bytes_in>("bytes_in"),
    counter<&c::bytes_out>("bytes_out"),
    counter<&c::queue_messages>("queue_messages"),
    counter<&c::queue_bytes>("queue_bytes"),
    counter<&c::dropped>("dropped"),
    counter<&c::invocations>("invocations"),
    counter<&c::invocations_failed>("invocations_failed"),
    counter<&c::subscriptions>("subscriptions"),
    attribute{"idle", kind::span, changes, derived, idle},
    attribute{
        "age", kind::span, changes, derived,
        [](const row_type& r, timestamp now) { return span_between(r.from->connected_at, now); }},
    attribute{"remote_ip", kind::address, fixed, derived,
              [](const row_type& r, timestamp) { return text_or_null(r.from->remote.ip); }},
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
    value_writer{out}(&row.tags);
  else
    std::visit(value_writer{out}, what.get(row, now));
}

} // namespace

std::span<const attribute> attributes() {
  return table;
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
