// What is done to many connections at once.

#include "admin/call.hpp"
#include "admin/operation_json.hpp"
#include "admin/resources.hpp"
#include "admin/selection.hpp"

#include <iterator>
#include <optional>

namespace muster {

namespace {

constexpr auto start_patience = std::chrono::seconds{30};
constexpr double fastest_pace = 1e6;

/// What all three verbs have; nothing when it is wrong, and the call has failed.
std::optional<start_operation> read_operation(admin_call& call, operation_verb verb) {
  const auto& body = call.body();
  auto where = read_selector(call, body.text("selector").value_or(""));
  if (!where)
    return std::nullopt;
  start_operation out;
  out.verb = verb;
  out.where = std::move(*where);
  out.dry_run = body.truth("dry_run");
  out.max = body.integer("max");
  out.pace = body.number("pace");
  out.by = call.caller().name;
  if (out.pace && (*out.pace <= 0 || *out.pace > fastest_pace)) {
    call.fail(bad_field("pace", "\"pace\" must be more than 0 and at most 1000000 a second"));
    return std::nullopt;
  }
  const auto data = body.raw("data");
  out.data = data.empty() ? "null" : std::string{data};
  return out;
}

void start(const call_ptr& call, start_operation request) {
  call->ask<operation>(
      call->addresses().operations, std::move(request),
      [call](const operation& what) {
        if (what.dry_run)
          call->reply(show(what));
        else
          call->created("/api/v1/operations/" + what.id, show(what));
      },
      start_patience);
}

void close_many(const call_ptr& call) {
  auto request = read_operation(*call, operation_verb::close);
  if (!request)
    return;
  auto order = read_close_order(*call);
  if (!order)
    return;
  request->order = std::move(*order);
  start(call, std::move(*request));
}

void invoke_many(const call_ptr& call) {
  auto request = read_operation(*call, operation_verb::invoke);
  if (!request)
    return;
  const auto timeout = read_timeout(*call);
  if (!timeout)
    return;
  request->timeout = *timeout;
  start(call, std::move(*request));
}

void broadcast_to_many(const call_ptr& call) {
  if (auto request = read_operation(*call, operation_verb::broadcast))
    start(call, std::move(*request));
}

std::vector<body_field> fields(std::vector<body_field> more) {
  std::vector<body_field> out{
      {"selector", json_kind::text, true, "Which connections; an empty text: all."},
      {"dry_run", json_kind::boolean, false, "Only say which connections it would hit."},
      {"max", json_kind::integer, false, "Refuse when more match."},
      {"pace", json_kind::number, false, "So many connections a second."}};
  out.insert(out.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  return out;
}

} // namespace

routes bulk_routes() {
  const std::string all = "/api/v1/connections";
  const body_field data{"data", json_kind::any, false, "What the clients get."};
  return {
      {"POST",
       all + ":close",
       role::operator_,
       "Closes all connections that a selector matches.",
       close_many,
       {},
       fields(close_fields()),
       false,
       201,
       "operation"},
      {"POST",
       all + ":invoke",
       role::operator_,
       "Calls all clients that a selector matches.",
       invoke_many,
       {},
       fields({data, timeout_field()}),
       false,
       201,
       "operation"},
      {"POST",
       all + ":broadcast",
       role::operator_,
       "Sends one message to all clients that a selector matches; nobody waits for answers.",
       broadcast_to_many,
       {},
       fields({data}),
       false,
       201,
       "operation"},
  };
}

} // namespace muster
