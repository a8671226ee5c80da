// What is done to one connection: close it, call it, read its message log.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/lookup.hpp"
#include "admin/resources.hpp"
#include "admin/selection.hpp"
#include "admin/small_list.hpp"

#include <optional>

namespace muster {

namespace {

/// More than a connection waits for the peer's Close.
constexpr auto close_patience = std::chrono::seconds{15};
/// What a call may take beside its own timeout.
constexpr auto invoke_slack = std::chrono::seconds{5};

std::optional<std::uint16_t> code_or_null(std::uint16_t code) {
  return code == 0 ? std::nullopt : std::optional{code};
}

void reply_receipt(admin_call& call, const close_receipt& receipt) {
  json_writer json;
  json.begin_object().member("outcome", to_string(receipt.outcome));
  json.member("code_sent", code_or_null(receipt.code_sent));
  json.member("peer_code", code_or_null(receipt.peer_code));
  json.member("peer_reason", receipt.peer_reason).member("ms", receipt.ms).end_object();
  call.reply(json.take());
}

void close(const call_ptr& call) {
  auto order = read_close_order(*call);
  if (!order)
    return;
  with_connection(call, [call, order = std::move(*order)](const roll_entry& entry) {
    call->ask<close_receipt>(
        entry.connection, order,
        [call](const close_receipt& receipt) { reply_receipt(*call, receipt); },
        [call](const caf::error& error) {
          // It went away between the roll and the order.
          if (code_of(error) == errc::connection_closed)
            reply_receipt(*call, {});
          else
            call->fail(error);
        },
        close_patience);
  });
}

void reply_outcome(admin_call& call, const invoke_finished& done) {
  json_writer json;
  json.begin_object().member("outcome", to_string(done.reply.outcome));
  json.raw_member("data", done.reply.data.empty() ? "null" : done.reply.data);
  if (!done.reply.detail.empty())
    json.member("detail", done.reply.detail);
  json.member("sent_at", done.reply.sent_at).member("ms", done.reply.ms);
  json.member("operation", done.operation).end_object();
  call.reply(json.take());
}

void invoke_one(const call_ptr& call) {
  const auto timeout = read_timeout(*call);
  if (!timeout)
    return;
  const auto data = call->body().raw("data");
  call->ask<invoke_finished>(
      call->addresses().operations,
      start_invoke{call->path("id"), data.empty() ? "null" : std::string{data}, *timeout,
                   call->caller().name},
      [call](const invoke_finished& done) { reply_outcome(*call, done); }, *timeout + invoke_slack);
}

std::string show(const logged_message& message) {
  json_writer json;
  json.begin_object().member("direction", message.incoming ? "in" : "out");
  json.member("at", message.at).text_or_null("id", message.id);
  json.text_or_null("in_reply_to", message.in_reply_to).member("size", message.size);
  json.member("payload", message.payload).end_object();
  return json.take();
}

void reply_messages(admin_call& call, const message_log_entries& log) {
  std::vector<list_item> items;
  for (const auto& message : log.items)
    items.push_back(
        {to_rfc3339(message.at) + (message.incoming ? "in" : "out") + message.id, show(message)});
  reply_list(call, std::move(items), {"direction", "at", "id", "in_reply_to", "size", "payload"},
             "at");
}

void messages(const call_ptr& call) {
  with_connection(call, [call](const roll_entry& entry) {
    call->ask<channel_info>(
        call->addresses().channels, find_channel{entry.row->from->channel},
        [call, connection = entry.connection](const channel_info& info) {
          if (info.definition->message_log.messages == 0) {
            call->fail(errc::not_found,
                       "The channel \"" + info.definition->name + "\" keeps no message log");
            return;
          }
          call->ask<message_log_entries>(
              connection, read_message_log{},
              [call](const message_log_entries& log) { reply_messages(*call, log); });
        });
  });
}

} // namespace

routes connection_verb_routes() {
  const std::string one = "/api/v1/connections/{id}";
  return {
      {"DELETE",
       one,
       role::operator_,
       "Closes a connection with a proper Close; answers with the receipt when it is over.",
       close,
       {},
       close_fields(),
       false,
       200,
       "close_receipt"},
      {"POST",
       one + "/invoke",
       role::operator_,
       "Calls the client and waits for its answer.",
       invoke_one,
       {},
       {{"data", json_kind::any, false, "What the client gets."}, timeout_field()},
       false,
       200,
       "invoke_reply"},
      {"GET",
       one + "/messages",
       role::viewer,
       "Shows the connection's message log, where its channel keeps one.",
       messages,
       list_query(),
       {},
       false,
       200,
       "message_list"},
  };
}

} // namespace muster
