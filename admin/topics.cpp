#include "admin/call.hpp"
#include "admin/field_list.hpp"
#include "admin/json_writer.hpp"
#include "admin/lookup.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "admin/topic_json.hpp"
#include "admin/version.hpp"
#include "net/uri.hpp"

namespace muster {

namespace {

/// Edits wait for the disk, a deletion for the log to be dropped.
constexpr auto edit_patience = std::chrono::seconds{30};

http_headers etag(const topic_info& info) {
  return {{"ETag", etag_of(*info.definition)}};
}

void list(const call_ptr& call) {
  call->ask<topic_list>(call->addresses().topics, list_topics{}, [call](const topic_list& all) {
    std::vector<list_item> items;
    for (const auto& info : all.items)
      items.push_back({info.definition->name, show(info)});
    reply_list(*call, std::move(items), topic_row_names(), "name", {"name"});
  });
}

void get(const call_ptr& call) {
  call->ask<topic_info>(
      call->addresses().topics, describe_topic{call->path("name")},
      [call](const topic_info& info) { call->reply(show(info), 200, etag(info)); });
}

void fields(const call_ptr& call) {
  call->reply(list_fields(topic_fields(), to_json(topic_definition{})));
}

void reply_dry_run(admin_call& call, const topic_info& info) {
  call.reply(show(info, R"("dry_run":true)"));
}

void create(const call_ptr& call) {
  const auto dry_run = call->flag("dry_run");
  if (!dry_run)
    return;
  call->ask<topic_info>(
      call->addresses().topics, create_topic{call->request().body, *dry_run},
      [call, dry_run = *dry_run](const topic_info& info) {
        if (dry_run)
          reply_dry_run(*call, info);
        else
          call->created("/api/v1/topics/" + percent_encode(info.definition->name), show(info),
                        etag(info));
      },
      edit_patience);
}

void change(const call_ptr& call, std::string patch, bool dry_run,
            std::function<void(const topic_info&)> then) {
  const auto find_present = [call](version_taker present) {
    call->ask<topic_info>(call->addresses().topics, describe_topic{call->path("name")},
                          [present = std::move(present)](const topic_info& info) {
                            present(etag_of(*info.definition));
                          });
  };
  with_version(
      call, find_present,
      [call, patch = std::move(patch), dry_run, then = std::move(then)](std::string version) {
        call->ask<topic_info>(call->addresses().topics,
                              edit_topic{call->path("name"), patch, std::move(version), dry_run},
                              then, edit_patience);
      });
}

void edit(const call_ptr& call) {
  // An edit without a patch would mean to delete the topic.
  if (call->request().body.empty()) {
    call->fail(errc::bad_request, "The body must be a JSON object: it is empty");
    return;
  }
  const auto dry_run = call->flag("dry_run");
  if (!dry_run)
    return;
  change(call, call->request().body, *dry_run, [call, dry_run = *dry_run](const topic_info& info) {
    if (dry_run)
      reply_dry_run(*call, info);
    else
      call->reply(show(info), 200, etag(info));
  });
}

void remove(const call_ptr& call) {
  change(call, {}, false, [call](const topic_info&) { call->no_content(); });
}

void publish_message(const call_ptr& call) {
  auto message = parse_publish(call->request().body);
  if (!message) {
    call->fail(message.error());
    return;
  }
  message->publisher = call->caller().name;
  with_topic(call, [call, message = std::move(*message)](const found_topic& found) {
    call->ask<published>(found.actor, message, [call](const published& done) {
      json_writer json;
      json.begin_object().member("msg_id", done.msg_id).member("seq", done.seq).end_object();
      call->reply(json.take());
    });
  });
}

void publishers(const call_ptr& call) {
  with_topic(call, [call](const found_topic& found) {
    call->ask<publisher_list>(found.actor, list_publishers{}, [call](const publisher_list& all) {
      std::vector<list_item> items;
      for (const auto& each : all.items)
        items.push_back({each.name + '\n' + each.channel, show(each)});
      reply_list(*call, std::move(items), {"name", "channel", "messages", "last_at"}, "-last_at");
    });
  });
}

std::vector<body_field> definition_fields() {
  std::vector<body_field> out;
  for (const auto& field : topic_fields())
    out.push_back(
        {std::string{field.name}, json_kind_of(field.kind), false, std::string{field.what}});
  return out;
}

std::vector<body_field> publish_fields() {
  return {
      {"data", json_kind::any, true, "What the subscribers get; not empty."},
      {"msg_id", json_kind::text, false, "The same one again is the same message."},
      {"priority", json_kind::integer, false, "1 to 9; 5 when it is left out."},
      {"expiration", json_kind::number, false, "Seconds that it lives."},
      {"mime_type", json_kind::text, false, "What the data is."},
      {"correl_id", json_kind::text, false, "What it belongs to."},
      {"in_reply_to", json_kind::text, false, "The message that it answers."},
      {"ext_client_id", json_kind::text, false, "Whom it comes from, in the publisher's words."},
      {"ext_pub_time", json_kind::text, false, "When it was published, in the publisher's words."},
      {"key", json_kind::text, false, "Of messages with the same key only the newest waits."},
      {"has_gd", json_kind::boolean, false, "Accepted; the topic decides what is guaranteed."},
  };
}

} // namespace

routes topic_routes() {
  const std::string all = "/api/v1/topics";
  const auto one = all + "/{name}";
  const std::string json = "application/json";
  const auto given = definition_fields();
  const std::vector<query_parameter> dry_run_query{
      {"dry_run", "boolean", "Only check it and say what it would be."}};
  return {
      {"GET",
       all,
       role::viewer,
       "Lists the topics with their live counts.",
       list,
       list_query({{"search", "string", "Only those with this in their names."}}),
       {},
       false,
       200,
       "topic_list"},
      {"GET",
       all + ":fields",
       role::viewer,
       "Lists what a topic can be given, for forms.",
       fields,
       {},
       {},
       false,
       200,
       "field_list"},
      {"POST", all, role::admin, "Makes a topic.", create, dry_run_query, given, true, 201,
       "topic"},
      {"GET", one, role::viewer, "Shows a topic.", get, {}, {}, false, 200, "topic"},
      {"PATCH", one, role::admin, "Edits a topic with a merge patch (RFC 7396).", edit,
       dry_run_query, given, true, 200, "topic", json, true},
      {"DELETE",
       one,
       role::admin,
       "Deletes a topic with its messages and subscriptions.",
       remove,
       {},
       {},
       false,
       204,
       {},
       json,
       true},
      {"POST",
       one + "/publish",
       role::operator_,
       "Publishes a message.",
       publish_message,
       {},
       publish_fields(),
       false,
       200,
       "published"},
      {"GET",
       one + "/publishers",
       role::viewer,
       "Lists who has published lately.",
       publishers,
       list_query(),
       {},
       false,
       200,
       "publisher_list"},
  };
}

} // namespace muster
