#include "cli/cli.hpp"
#include "cli/commands.hpp"

#include <cstdio>

namespace muster {

using shared_options = command_set::shared_options;

void add_status_commands(command_set& commands) {
  auto& app = commands.app();
  commands.leaf<no_options>(app.add_subcommand("status", "How the server is doing"),
                            [](const shared_options& shared, const no_options&) {
                              return shared.show(shared.endpoint().get("/overview"));
                            });
  auto* services = commands.group("services", "What answers requests");
  commands.leaf<no_options>(
      services->add_subcommand("ls", "List the services and their counters"),
      [](const shared_options& shared, const no_options&) {
        return shared.list(shared.endpoint().get("/services"),
                           {"name", "kind", "calls", "errors", "in_flight", "restarts", "mean_ms"});
      });
  commands.leaf<no_options>(app.add_subcommand("version", "Print the version of this program"),
                            [](const shared_options& shared, const no_options&) {
                              return shared.done(boost::json::object{{"version", version()}},
                                                 std::string{"muster "} + version());
                            });
}

} // namespace muster
