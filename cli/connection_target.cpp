#include "cli/connection_commands.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"
#include "messages/json_scan.hpp"

namespace muster {

void connection_target::add_to(CLI::App* command, bool may_be_one) {
  if (may_be_one)
    command->add_option("id", id, "The connection; or name many:");
  command->add_option("--selector", selector, "All connections that this matches");
  command->add_option("--channel", channel, "All connections of this channel");
  command->add_flag("--everyone", everyone, "All connections of the server");
  command->add_flag("--dry-run", dry_run, "Only say which ones (many)");
  command->add_option("--max", max, "Refuse if there are more than this (many)");
  command->add_option("--pace", pace, "How many a second (many)");
}

std::string connection_target::path(const std::string& behind) const {
  return "/connections/" + percent_encoded(id) + behind;
}

boost::json::object connection_target::body() const {
  const int named = !id.empty() + everyone + (!selector.empty() || !channel.empty());
  if (named != 1)
    throw failure{exit_code::usage,
                  "name the connections: by id, with --selector or --channel, or --everyone"};
  if (is_one() && (dry_run || max > 0 || pace > 0))
    throw failure{exit_code::usage, "--dry-run, --max and --pace are for many connections"};
  std::string text;
  if (!channel.empty())
    text = "channel == " + muster::quoted(channel);
  if (!selector.empty())
    text += text.empty() ? selector : " and (" + selector + ')';
  boost::json::object body{{"selector", text}};
  if (dry_run)
    body["dry_run"] = true;
  if (max > 0)
    body["max"] = max;
  if (pace > 0)
    body["pace"] = pace;
  return body;
}

} // namespace muster
