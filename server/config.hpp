#pragma once

#include "net/listen.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace muster {

struct log_config {
  /// `trace`, `debug`, `info`, `warn`, `error`, `critical` or `off`.
  std::string level = "info";
  /// `human`, `json`, or `auto`: human on a terminal, JSON lines otherwise.
  std::string format = "auto";
  /// Empty: standard error.
  std::string file;
};

/// Where a configuration is read from; a later source gives way to an earlier one: flags,
/// environment, file. Keys of `flags` are those of the file (`server.data_dir`), lists have one
/// value each; `environment` has the variables as they are (`MUSTER_SERVER__DATA_DIR`).
struct config_sources {
  std::map<std::string, std::vector<std::string>> flags;
  std::map<std::string, std::string> environment;
  /// Empty: none.
  std::string file;
};

/// What the server is told from outside, once it is read and checked.
struct config {
  std::string server_name;
  std::string data_dir = "data";
  /// Event loops; 0: one a core.
  unsigned loops = 0;
  /// Threads for what may block.
  unsigned workers = 2;
  /// How long a stop may take, in seconds.
  double drain_seconds = 10;
  /// The first one, when it has no name of its own, is `default`.
  std::vector<listener_definition> listeners;
  listener_definition admin{"admin", {"127.0.0.1", 8081}, std::nullopt, false};
  /// `/metrics` and `/docs` need no token.
  bool open_metrics = false;
  bool open_docs = false;
  log_config logging;
  trusted_proxies proxies;
  /// The channels of the file, each as the JSON of a channel's fields.
  std::vector<std::string> channels_json;
  /// Its topics in the same way.
  std::vector<std::string> topics_json;
  /// To read it again.
  config_sources sources;
};

/// A fault of a configuration and where it stands: `file:line:column`, a variable or a flag.
struct config_fault {
  std::string where;
  std::string what;
};

/// One line of the effective configuration, as TOML, and what it comes from.
struct config_line {
  std::string section;
  std::string text;
  std::string origin;
};

/// A configuration as it was read; `value` counts only when there are no faults.
struct loaded_config {
  config value;
  std::vector<config_fault> faults;
  /// Everything that is in force, secrets masked.
  std::vector<config_line> lines;
};

loaded_config load_config(const config_sources& sources);

} // namespace muster
