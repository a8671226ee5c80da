#include "admin/call.hpp"
#include "admin/operation_json.hpp"
#include "admin/operation_stream.hpp"
#include "admin/resources.hpp"

#include <charconv>

namespace muster {

namespace {

/// How many events the reader of an interrupted stream has.
std::uint64_t last_event_id(const admin_call& call) {
  const auto text = call.request().header("last-event-id");
  std::uint64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

void get(const call_ptr& call) {
  const auto is_head = call->request().method == "HEAD";
  const auto as_events = !is_head && call->accepts("text/event-stream");
  const auto as_lines = !is_head && !as_events && call->accepts("application/x-ndjson");
  const auto seen = as_events ? last_event_id(*call) : 0;
  call->ask<operation>(call->addresses().operations, find_operation{call->path("id"), seen},
                       [=](const operation& what) {
                         if (as_events || as_lines)
                           operation_stream::start(*call,
                                                   as_events ? operation_stream::form::events
                                                             : operation_stream::form::lines,
                                                   what, seen);
                         else
                           call->reply(show(what));
                       });
}

void cancel(const call_ptr& call) {
  call->ask<operation>(call->addresses().operations, cancel_operation{call->path("id")},
                       [call](const operation&) { call->no_content(); });
}

} // namespace

routes operation_routes() {
  const std::string one = "/api/v1/operations/{id}";
  return {
      {"GET",
       one,
       role::viewer,
       "Shows an operation and its outcomes; as they come with `Accept: text/event-stream` or "
       "`application/x-ndjson`.",
       get,
       {},
       {},
       false,
       200,
       "operation"},
      {"DELETE", one, role::operator_, "Cancels an operation.", cancel, {}, {}, false, 204},
  };
}

} // namespace muster
