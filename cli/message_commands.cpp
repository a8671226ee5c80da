#include "cli/message_commands.hpp"

#include "cli/cli.hpp"
#include "cli/pages.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

namespace muster {
namespace {

using shared_options = command_set::shared_options;

struct message_options {
  std::string owner;
  std::string msg_id;
  std::string text;
  bool oldest_first = false;
  page_options pages;

  std::string one() const { return "/messages/" + percent_encoded(msg_id); }
};

int list_messages(const shared_options& shared, const std::string& owner,
                  const message_options& options) {
  if (!options.msg_id.empty())
    return shared.show(shared.endpoint().get(owner + options.one()));
  return list_pages(shared, options.pages, owner + "/messages",
                    {{"text", options.text}, {"order", options.oldest_first ? "asc" : "desc"}},
                    {"seq", "published_at", "priority", "publisher", "msg_id", "size", "data"});
}

int clear(const shared_options& shared, const std::string& owner, const message_options& options) {
  if (!options.msg_id.empty())
    return shared.done(shared.endpoint().send("DELETE", owner + options.one(), nullptr),
                       "deleted " + options.msg_id);
  const auto answer = shared.endpoint().send("POST", owner + ":clear", nullptr, 60);
  return shared.done(answer, "deleted " + cell(member(answer, "deleted")));
}

} // namespace

void add_message_commands(command_set& commands, CLI::App* group, const message_owner& owner) {
  const auto target = owner.target;
  auto* list = group->add_subcommand("messages", "List and search its messages, the newest first");
  auto listed = commands.leaf<message_options>(
      list, [target](const shared_options& shared, const message_options& options) {
        return list_messages(shared, target + percent_encoded(options.owner), options);
      });
  list->add_option(owner.argument, listed->owner, owner.about)->required();
  list->add_option("--msg-id", listed->msg_id, "Show only this one, in full");
  list->add_option("--text", listed->text, "Only those with this in their data");
  list->add_flag("--oldest-first", listed->oldest_first, "Begin with the oldest");
  listed->pages.add_to(list);

  auto* empty = group->add_subcommand("clear", "Delete its messages");
  auto cleared = commands.leaf<message_options>(
      empty, [target](const shared_options& shared, const message_options& options) {
        return clear(shared, target + percent_encoded(options.owner), options);
      });
  empty->add_option(owner.argument, cleared->owner, owner.about)->required();
  empty->add_option("--msg-id", cleared->msg_id, "Delete only this one");
}

} // namespace muster
