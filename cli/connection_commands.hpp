#pragma once

#include "cli/commands.hpp"

namespace muster {

/// Which connections a command is about: one by its id, or many.
struct connection_target {
  std::string id;
  std::string selector;
  std::string channel;
  bool everyone = false;
  bool dry_run = false;
  unsigned long max = 0;
  double pace = 0;

  void add_to(CLI::App* command, bool may_be_one);
  bool is_one() const { return !id.empty(); }
  /// `/connections/ID` and what follows.
  std::string path(const std::string& behind = {}) const;
  /// The selector and the bounds of an operation on many. A `failure` (usage) when nothing or too
  /// much is named.
  boost::json::object body() const;
};

void add_connection_list(command_set& commands, CLI::App* connections);

} // namespace muster
