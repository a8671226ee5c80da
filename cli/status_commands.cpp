#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/pages.hpp"

#include <cstdio>

namespace muster {

using shared_options = command_set::shared_options;

void add_status_commands(command_set& commands) {
  auto& app = commands.app();
  commands.leaf<no_options>(app.add_subcommand("status", "How the server is doing"),
                            [](const shared_options& shared, const no_options&) {
                              return shared.show(shared.endpoint().get("/overview"));
                            });
  commands.leaf<no_options>(
      app.add_subcommand("whoami", "Who the token stands for, and what role it has"),
      [](const shared_options& shared, const no_options&) {
        return shared.show(shared.endpoint().get("/session"));
      });
  commands.leaf<no_options>(
      app.add_subcommand("history", "The last quarter of an hour, every five seconds"),
      [](const shared_options& shared, const no_options&) {
        return shared.list(shared.endpoint().get("/overview/history"),
                           {"at", "connections", "messages_in", "messages_out", "errors",
                            "slow_consumers", "resident_bytes"});
      });
  auto* incidents = app.add_subcommand("incidents", "What went wrong lately");
  auto pages = commands.leaf<page_options>(
      incidents, [](const shared_options& shared, const page_options& options) {
        return list_pages(shared, options, "/incidents", {}, {"at", "level", "text"});
      });
  pages->add_to(incidents);
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
