#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/fields.hpp"
#include "cli/message_commands.hpp"
#include "cli/pages.hpp"
#include "cli/text.hpp"

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct topic_options {
  std::string name;
  std::string data;
  std::vector<std::string> settings;
  bool dry_run = false;
  page_options pages;

  std::string target() const { return "/topics/" + percent_encoded(name); }
  std::string dry_run_query() const { return dry_run ? "?dry_run=true" : ""; }
  json::object body() const {
    auto out = object_of(data);
    put_settings(out, settings);
    return out;
  }
};

struct list_options {
  std::string search;
  std::string sort;
  page_options pages;
};

void add_name(CLI::App* command, topic_options& options) {
  command->add_option("name", options.name, "The topic")->required();
}

void add_fields(CLI::App* command, topic_options& options) {
  add_name(command, options);
  command->add_option("--set", options.settings, "FIELD=VALUE for any field; repeatable")
      ->expected(1)
      ->take_all();
  command->add_option("--data", options.data,
                      "Fields as a JSON object, @FILE or - for standard input");
}

void add_dry_run(CLI::App* command, topic_options& options) {
  command->add_flag("--dry-run", options.dry_run, "Only check it and say what it would be");
}

void add_reading(command_set& commands, CLI::App* topics) {
  commands.leaf<no_options>(
      topics->add_subcommand("fields", "What a topic can be given, with the defaults"),
      [](const shared_options& shared, const no_options&) {
        return shared.list(shared.endpoint().get("/topics:fields"), field_columns);
      });

  auto* list = topics->add_subcommand("ls", "List the topics");
  auto listed = commands.leaf<list_options>(
      list, [](const shared_options& shared, const list_options& options) {
        return list_pages(shared, options.pages, "/topics",
                          {{"search", options.search}, {"sort", options.sort}},
                          {"name", "is_active", "durable", "messages", "subscriptions", "attached",
                           "depth", "publish_rate", "last_published_at"});
      });
  list->add_option("--search", listed->search, "Only those with this in their names");
  list->add_option("--sort", listed->sort, "Field to sort by; -FIELD: downwards");
  listed->pages.add_to(list);

  auto* show = topics->add_subcommand("show", "Show one topic in full");
  auto shown = commands.leaf<topic_options>(
      show, [](const shared_options& shared, const topic_options& options) {
        return shared.show(shared.endpoint().get(options.target()));
      });
  add_name(show, *shown);

  auto* publishers = topics->add_subcommand("publishers", "Who has published lately");
  auto known = commands.leaf<topic_options>(
      publishers, [](const shared_options& shared, const topic_options& options) {
        return list_pages(shared, options.pages, options.target() + "/publishers", {},
                          {"name", "channel", "messages", "last_at"});
      });
  add_name(publishers, *known);
  known->pages.add_to(publishers);
}

void add_writing(command_set& commands, CLI::App* topics) {
  auto* create = topics->add_subcommand("create", "Create a topic");
  create->footer("Example:\n  muster topics create /orders/new --set retention_age=3600");
  auto creation = commands.leaf<topic_options>(create, [](const shared_options& shared,
                                                          const topic_options& options) {
    auto body = options.body();
    body["name"] = options.name;
    const auto answer = shared.endpoint().send("POST", "/topics" + options.dry_run_query(), body);
    return options.dry_run ? shared.show(answer) : shared.done(answer, "created " + options.name);
  });
  add_fields(create, *creation);
  add_dry_run(create, *creation);

  auto* edit = topics->add_subcommand("edit", "Change fields of a topic");
  edit->footer("Example:\n  muster topics edit /orders/new --set is_active=false");
  auto change = commands.leaf<topic_options>(edit, [](const shared_options& shared,
                                                      const topic_options& options) {
    const auto body = options.body();
    if (body.empty())
      throw failure{exit_code::usage, "nothing to change: give --set or --data"};
    const auto answer =
        shared.endpoint().send("PATCH", options.target() + options.dry_run_query(), body);
    return options.dry_run ? shared.show(answer) : shared.done(answer, "changed " + options.name);
  });
  add_fields(edit, *change);
  add_dry_run(edit, *change);

  auto* remove =
      topics->add_subcommand("delete", "Delete a topic with its messages and subscriptions");
  auto removal = commands.leaf<topic_options>(
      remove, [](const shared_options& shared, const topic_options& options) {
        return shared.done(shared.endpoint().send("DELETE", options.target(), nullptr, 60),
                           "deleted " + options.name);
      });
  add_name(remove, *removal);
}

} // namespace

void add_topic_commands(command_set& commands) {
  auto* topics = commands.group("topics", "What messages are published to");
  add_reading(commands, topics);
  add_writing(commands, topics);
  add_message_commands(commands, topics, {"/topics/", "name", "The topic"});
}

} // namespace muster
