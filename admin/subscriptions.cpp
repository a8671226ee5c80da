#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/lookup.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "admin/topic_json.hpp"
#include "net/uri.hpp"

namespace muster {

namespace {

void reply_subscriptions(admin_call& call, const subscription_list& all) {
  std::vector<list_item> items;
  for (const auto& info : all.items)
    items.push_back({info.about->sub_key, show(info)});
  reply_list(call, std::move(items), subscription_row_names(), "subscribed_at",
             {"client_id", "channel", "connection_id", "topic_name"});
}

void of_topic(const call_ptr& call) {
  with_topic(call, [call](const found_topic& found) {
    call->ask<subscription_list>(
        found.actor, list_subscriptions{},
        [call](const subscription_list& all) { reply_subscriptions(*call, all); });
  });
}

void of_connection(const call_ptr& call) {
  with_connection(call, [call](const roll_entry& entry) {
    call->ask<subscription_list>(
        entry.connection, list_subscriptions{},
        [call](const subscription_list& all) { reply_subscriptions(*call, all); });
  });
}

void subscribe_client(const call_ptr& call) {
  auto options = parse_subscription_options(call->request().body);
  if (!options) {
    call->fail(options.error());
    return;
  }
  subscribe request{call->body().text("topic_name").value_or(""), std::move(*options), true};
  with_connection(call, [call, request = std::move(request)](const roll_entry& entry) {
    call->ask<subscribed>(entry.connection, request, [call](const subscribed& made) {
      json_writer json;
      json.begin_object().member("topic_name", made.topic_name).member("sub_key", made.sub_key);
      json.member("current_depth", made.current_depth).end_object();
      call->created("/api/v1/subscriptions/" + percent_encode(made.sub_key), json.take());
    });
  });
}

void get(const call_ptr& call) {
  with_topic_of_key(call, [call](const found_topic& found) {
    find_subscription question;
    question.sub_key = call->path("sub_key");
    call->ask<subscription_info>(
        found.actor, std::move(question),
        [call](const subscription_info& info) { call->reply(show(info)); });
  });
}

void remove(const call_ptr& call) {
  with_topic_of_key(call, [call](const found_topic& found) {
    call->ask<done>(found.actor, end_subscription{call->path("sub_key")},
                    [call](const done&) { call->no_content(); });
  });
}

std::vector<body_field> subscribe_fields() {
  return {
      {"topic_name", json_kind::text, true, "The topic."},
      {"ack", json_kind::text, false,
       "`auto`: delivered when the socket took it; `client`: when the client says so."},
      {"durable", json_kind::boolean, false, "It outlives the connection and the server."},
      {"from", json_kind::any, false, "`new`, `first`, a sequence or a time (RFC 3339)."},
      {"delivery_batch_size", json_kind::integer, false, "The most messages of one delivery."},
      {"wrap_one_msg_in_list", json_kind::boolean, false,
       "A single message comes as a list of one."},
      {"unsub_on_wsx_close", json_kind::boolean, false, "False: it is durable."},
  };
}

} // namespace

routes subscription_routes() {
  const std::string one = "/api/v1/subscriptions/{sub_key}";
  const std::string connection = "/api/v1/connections/{id}/subscriptions";
  const query_parameter search{
      "search", "string",
      "Only those with this in their client's id, channel, connection's id or topic."};
  return {
      {"GET",
       "/api/v1/topics/{name}/subscriptions",
       role::viewer,
       "Lists the subscriptions of a topic.",
       of_topic,
       list_query({search}),
       {},
       false,
       200,
       "subscription_list"},
      {"GET",
       connection,
       role::viewer,
       "Lists the subscriptions of a connection.",
       of_connection,
       list_query({search}),
       {},
       false,
       200,
       "subscription_list"},
      {"POST",
       connection,
       role::operator_,
       "Subscribes a client to a topic, on its behalf.",
       subscribe_client,
       {},
       subscribe_fields(),
       false,
       201,
       "subscribed"},
      {"GET", one, role::viewer, "Shows a subscription.", get, {}, {}, false, 200, "subscription"},
      {"DELETE",
       one,
       role::operator_,
       "Ends a subscription, whoever has it.",
       remove,
       {},
       {},
       false,
       204},
  };
}

} // namespace muster
