#include "server/run.hpp"

#include "cli/cli.hpp"
#include "server/config_commands.hpp"
#include "server/data_commands.hpp"
#include "server/serve.hpp"
#include "server/serve_options.hpp"

#include <CLI/CLI.hpp>
#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <exception>
#include <functional>

namespace muster {
namespace {

int serve_from(const config_sources& sources, run_options options) {
  const auto loaded = load_config(sources);
  if (!report_faults(loaded))
    return exit_code::usage;
  return serve(loaded.value, std::move(options));
}

} // namespace

int run(int argc, char** argv, run_options options) {
  CLI::App app{"A WebSocket API server that knows its clients", "muster"};
  app.require_subcommand(1);
  app.set_version_flag("--version", std::string{"muster "} + version());
  std::function<int()> chosen;
  config_sources sources;
  sources.environment = own_environment();

  auto* serving = app.add_subcommand("serve", "Run the server");
  add_serve_options(*serving, sources);
  serving->footer("Example:\n  muster serve --listen 0.0.0.0:8080 --data /var/lib/muster");
  serving->callback([&] { chosen = [&] { return serve_from(sources, std::move(options)); }; });

  auto* config = app.add_subcommand("config", "Look at the configuration");
  config->require_subcommand(1);
  auto* check = config->add_subcommand("check", "Say what is wrong with it");
  add_serve_options(*check, sources);
  check->callback([&] { chosen = [&] { return check_config(sources); }; });
  auto* show = config->add_subcommand("show", "Print what is in force and where it comes from");
  add_serve_options(*show, sources);
  show->callback([&] { chosen = [&] { return show_config(sources); }; });

  add_client_commands(app, chosen,
                      [&](command_set& commands) { add_data_commands(commands, sources); });
  return run_chosen(app, argc, argv, chosen);
}

} // namespace muster
