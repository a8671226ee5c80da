#include "server/serve_options.hpp"

#include <unistd.h>

#include <string_view>

namespace muster {
namespace {

void add_setting(CLI::App& command, config_sources& sources, const std::string& flag,
                 const std::string& key, const std::string& about, const std::string& kind) {
  const auto keep = [&sources, key](const std::string& value) { sources.flags[key] = {value}; };
  command.add_option_function<std::string>(flag, keep, about)->type_name(kind);
}

} // namespace

void add_data_options(CLI::App& command, config_sources& sources) {
  command.add_option("-c,--config", sources.file, "Configuration file (TOML)")
      ->envname("MUSTER_CONFIG")
      ->type_name("FILE");
  add_setting(command, sources, "--admin", "admin.address", "Where the admin endpoint is",
              "IP:PORT");
  add_setting(command, sources, "--data", "server.data_dir", "Where durable state is kept", "DIR");
}

void add_serve_options(CLI::App& command, config_sources& sources) {
  const auto listen = [&sources](const std::vector<std::string>& addresses) {
    sources.flags["server.listen"] = addresses;
  };
  command
      .add_option_function<std::vector<std::string>>(
          "--listen", listen,
          "Where clients connect, instead of the listeners of the file; repeatable")
      ->type_name("IP:PORT")
      ->expected(1)
      ->take_all();
  add_data_options(command, sources);
  add_setting(command, sources, "--name", "server.name", "This server's name", "NAME");
  add_setting(command, sources, "--loops", "server.loops", "Event loops; 0: one a core", "N");
  add_setting(command, sources, "--workers", "server.workers", "Threads for what may block", "N");
  add_setting(command, sources, "--drain", "server.drain", "How long a stop may take", "SECONDS");
  add_setting(command, sources, "--log-level", "log.level", "trace, debug, info, warn, error, ...",
              "LEVEL");
  add_setting(command, sources, "--log-format", "log.format", "auto, human or json", "FORMAT");
}

std::map<std::string, std::string> own_environment() {
  std::map<std::string, std::string> variables;
  for (char** at = environ; at && *at; ++at) {
    const std::string_view entry{*at};
    const auto equals = entry.find('=');
    if (entry.starts_with("MUSTER_") && equals != std::string_view::npos)
      variables.emplace(entry.substr(0, equals), entry.substr(equals + 1));
  }
  return variables;
}

} // namespace muster
