#pragma once

#include "cli/commands.hpp"

#include <string>

namespace muster {

/// What has messages: a topic, or a subscription.
struct message_owner {
  /// Below which it is found.
  std::string target;
  /// What names it on the command line, and what that is.
  std::string argument;
  std::string about;
};

/// Adds `messages` and `clear` to a group.
void add_message_commands(command_set& commands, CLI::App* group, const message_owner& owner);

} // namespace muster
