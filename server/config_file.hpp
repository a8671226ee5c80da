#pragma once

#include "server/config_draft.hpp"

#include <map>
#include <string>
#include <vector>

namespace muster {

/// A channel or a topic of the file.
struct declaration {
  std::string where;
  std::string json;
  /// Without its secrets, a member a line, as TOML.
  std::vector<std::string> lines;
};

/// What a configuration file says, apart from the settings, which are in the draft.
struct config_file {
  /// `file:line` of each setting and of the listeners.
  std::map<std::string, std::string> origins;
  std::vector<listener_definition> listeners;
  std::vector<declaration> channels;
  std::vector<declaration> topics;
  std::vector<config_fault> faults;
};

/// Reads a TOML file (1.0): settings into the draft, the rest into the answer.
config_file read_config_file(const std::string& path, config_draft& draft);

} // namespace muster
