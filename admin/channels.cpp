#include "admin/call.hpp"
#include "admin/field_list.hpp"
#include "admin/json_writer.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"
#include "admin/version.hpp"
#include "messages/channel_fields.hpp"
#include "net/uri.hpp"

#include <functional>

namespace muster {

namespace {

/// Edits wait for their turn, for hashes and for the disk.
constexpr auto edit_patience = std::chrono::seconds{30};

std::string show(const channel_info& info, std::string_view more = {}) {
  json_writer extra;
  extra.member("connections", info.connections).member("sessions", info.sessions);
  extra.member("from_file", info.from_file);
  if (!more.empty())
    return to_json(*info.definition, extra.take() + ',' + std::string{more});
  return to_json(*info.definition, extra.take());
}

/// The members that say what a dry run found.
std::string dry_run_members(const std::vector<std::string>& closes) {
  json_writer json;
  json.member("dry_run", true).key("closes").begin_array();
  for (const auto& id : closes)
    json.value(id);
  json.end_array();
  return json.take();
}

http_headers etag(const channel_info& info) {
  return {{"ETag", etag_of(*info.definition)}};
}

void list(const call_ptr& call) {
  call->ask<channel_list>(call->addresses().channels, list_channels{}, [call](channel_list all) {
    std::vector<std::string> names{"connections", "sessions", "from_file"};
    for (const auto& field : channel_fields())
      names.emplace_back(field.name);
    std::vector<list_item> items;
    for (const auto& info : all.items)
      items.push_back({info.definition->name, show(info)});
    reply_list(*call, std::move(items), names, "name");
  });
}

void get(const call_ptr& call) {
  call->ask<channel_info>(
      call->addresses().channels, find_channel{call->path("name")},
      [call](const channel_info& info) { call->reply(show(info), 200, etag(info)); });
}

void fields(const call_ptr& call) {
  call->reply(list_fields(channel_fields(), to_json(channel_definition{})));
}

void create(const call_ptr& call) {
  const auto dry_run = call->flag("dry_run");
  if (!dry_run)
    return;
  call->ask<channel_info>(
      call->addresses().channels, create_channel{call->request().body, *dry_run},
      [call, dry_run = *dry_run](const channel_info& info) {
        if (dry_run)
          call->reply(show(info, dry_run_members({})));
        else
          call->created("/api/v1/channels/" + percent_encode(info.definition->name), show(info),
                        etag(info));
      },
      edit_patience);
}

void with_version(const call_ptr& call, version_taker then) {
  with_version(
      call,
      [call](version_taker present) {
        call->ask<channel_info>(call->addresses().channels, find_channel{call->path("name")},
                                [present = std::move(present)](const channel_info& info) {
                                  present(etag_of(*info.definition));
                                });
      },
      std::move(then));
}

void change(const call_ptr& call, std::string patch,
            std::function<void(channel_edited, bool)> then) {
  const auto dry_run = call->flag("dry_run");
  if (!dry_run)
    return;
  with_version(call, [call, dry_run = *dry_run, patch = std::move(patch),
                      then = std::move(then)](std::string version) {
    call->ask<channel_edited>(
        call->addresses().channels,
        edit_channel{call->path("name"), patch, std::move(version), dry_run},
        [then, dry_run](channel_edited edited) { then(std::move(edited), dry_run); },
        edit_patience);
  });
}

void edit(const call_ptr& call) {
  // An edit without a patch would mean to delete the channel.
  if (call->request().body.empty()) {
    call->fail(errc::bad_request, "The body must be a JSON object: it is empty");
    return;
  }
  change(call, call->request().body, [call](const channel_edited& edited, bool dry_run) {
    call->reply(show(edited.info, dry_run ? dry_run_members(edited.closes) : std::string{}), 200,
                etag(edited.info));
  });
}

void remove(const call_ptr& call) {
  change(call, {}, [call](const channel_edited& edited, bool dry_run) {
    if (dry_run)
      call->reply('{' + dry_run_members(edited.closes) + '}');
    else
      call->no_content();
  });
}

std::vector<body_field> body() {
  std::vector<body_field> out;
  for (const auto& field : channel_fields())
    out.push_back(
        {std::string{field.name}, json_kind_of(field.kind), false, std::string{field.what}});
  return out;
}

} // namespace

routes channel_routes() {
  const std::string all = "/api/v1/channels";
  const auto one = all + "/{name}";
  const std::vector<query_parameter> edit_query{
      {"dry_run", "boolean", "Only say which connections it would close."}};
  return {
      {"GET",
       all,
       role::viewer,
       "Lists the channels with their live counts.",
       list,
       list_query(),
       {},
       false,
       200,
       "channel_list"},
      {"GET",
       all + ":fields",
       role::viewer,
       "Lists what a channel can be given, for forms.",
       fields,
       {},
       {},
       false,
       200,
       "field_list"},
      {"POST",
       all,
       role::admin,
       "Makes a channel.",
       create,
       {{"dry_run", "boolean", "Only check it and say what it would be."}},
       body(),
       true,
       201,
       "channel"},
      {"GET", one, role::viewer, "Shows a channel.", get, {}, {}, false, 200, "channel"},
      {"PATCH", one, role::admin, "Edits a channel with a merge patch (RFC 7396).", edit,
       edit_query, body(), true, 200, "channel", "application/json", true},
      {"DELETE",
       one,
       role::admin,
       "Deletes a channel and closes its connections.",
       remove,
       edit_query,
       {},
       false,
       204,
       {},
       "application/json",
       true},
  };
}

} // namespace muster
