#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/fields.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct channel_name {
  std::string name;
  bool dry_run = false;

  std::string target() const {
    return "/channels/" + percent_encoded(name) + (dry_run ? "?dry_run=true" : "");
  }
};

struct channel_edit_options : channel_name {
  std::string data;
  std::string path;
  std::string service;
  std::string security;
  std::vector<std::string> credentials;
  std::vector<std::string> settings;
};

json::object credential_of(const std::string& text) {
  const auto colon = text.find(':');
  const auto username = text.substr(0, colon);
  const auto secret = colon == std::string::npos ? read_secret("Secret of " + username, false, true)
                                                 : text.substr(colon + 1);
  return {{"username", username}, {"secret", secret}};
}

json::object body_of(const channel_edit_options& options) {
  auto body = object_of(options.data);
  for (const auto& [key, value] : {std::pair{"path", &options.path},
                                   {"service", &options.service},
                                   {"security", &options.security}})
    if (!value->empty())
      body[key] = *value;
  put_settings(body, options.settings);
  if (!options.credentials.empty()) {
    json::array all;
    for (const auto& credential : options.credentials)
      all.push_back(credential_of(credential));
    body["credentials"] = std::move(all);
  }
  return body;
}

void add_edit_options(CLI::App* command, channel_edit_options& options) {
  command->add_option("name", options.name, "The channel")->required();
  command->add_option("--path", options.path, "Path that clients connect to");
  command->add_option("--service", options.service, "What answers requests");
  command->add_option("--security", options.security, "none, basic or api_key");
  command
      ->add_option(
          "--credential", options.credentials,
          "USER, whose secret is asked for, or USER:SECRET; repeatable; these and no others")
      ->expected(1)
      ->take_all();
  command->add_option("--set", options.settings, "FIELD=VALUE for any field; repeatable")
      ->expected(1)
      ->take_all();
  command->add_option("--data", options.data,
                      "Fields as a JSON object, @FILE or - for standard input");
}

void add_reading(command_set& commands, CLI::App* channels) {
  commands.leaf<no_options>(
      channels->add_subcommand("ls", "List the channels"),
      [](const shared_options& shared, const no_options&) {
        return shared.list(
            shared.endpoint().get("/channels", {{"limit", "1000"}}),
            {"name", "path", "listener", "is_active", "service", "security", "connections"});
      });
  commands.leaf<no_options>(
      channels->add_subcommand("fields", "What a channel can be given, with the defaults"),
      [](const shared_options& shared, const no_options&) {
        return shared.list(shared.endpoint().get("/channels:fields"), field_columns);
      });
  auto* show = channels->add_subcommand("show", "Show one channel in full");
  auto options = commands.leaf<channel_name>(
      show, [](const shared_options& shared, const channel_name& which) {
        return shared.show(shared.endpoint().get(which.target()));
      });
  show->add_option("name", options->name, "The channel")->required();
}

void add_writing(command_set& commands, CLI::App* channels) {
  auto* create = channels->add_subcommand("create", "Create a channel");
  create->footer("Example:\n  muster channels create crm --path /crm --security basic "
                 "--credential shop1 \\\n    --set services_allowed='[\"ping\",\"echo\"]'");
  auto creation = commands.leaf<channel_edit_options>(
      create, [](const shared_options& shared, const channel_edit_options& options) {
        auto body = body_of(options);
        body["name"] = options.name;
        const auto answer = shared.endpoint().send(
            "POST", options.dry_run ? "/channels?dry_run=true" : "/channels", body);
        return options.dry_run ? shared.show(answer)
                               : shared.done(answer, "created " + options.name);
      });
  add_edit_options(create, *creation);
  create->add_flag("--dry-run", creation->dry_run, "Only check it and say what it would be");

  auto* edit = channels->add_subcommand("edit", "Change fields of a channel; its clients stay");
  edit->footer("Example:\n  muster channels edit crm --set ping_interval=20 --set is_active=false");
  auto change = commands.leaf<channel_edit_options>(edit, [](const shared_options& shared,
                                                             const channel_edit_options& options) {
    const auto answer = shared.endpoint().send("PATCH", options.target(), body_of(options));
    return options.dry_run ? shared.show(answer) : shared.done(answer, "changed " + options.name);
  });
  add_edit_options(edit, *change);
  edit->add_flag("--dry-run", change->dry_run, "Only say which connections it would close");

  auto* remove = channels->add_subcommand("delete", "Delete a channel and close its connections");
  auto removal = commands.leaf<channel_name>(
      remove, [](const shared_options& shared, const channel_name& which) {
        const auto answer = shared.endpoint().send("DELETE", which.target(), nullptr, 60);
        return which.dry_run ? shared.show(answer) : shared.done(answer, "deleted " + which.name);
      });
  remove->add_option("name", removal->name, "The channel")->required();
  remove->add_flag("--dry-run", removal->dry_run, "Only say which connections it would close");
}

} // namespace

void add_channel_commands(command_set& commands) {
  auto* channels = commands.group("channels", "WebSocket endpoints and their rules");
  add_reading(commands, channels);
  add_writing(commands, channels);
}

} // namespace muster
