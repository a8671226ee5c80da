#include "cli/cli.hpp"

#include "cli/commands.hpp"
#include "cli/failure.hpp"
#include "cli/render.hpp"
#include "cli/text.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <exception>

namespace muster {
namespace {

void print(const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int complain(int code, const std::string& text) {
  fmt::print(stderr, "muster: {}\n", text);
  return code;
}

} // namespace

const char* version() {
  return MUSTER_VERSION;
}

command_set::command_set(CLI::App& app, std::function<int()>& chosen)
    : app_{app}, chosen_{&chosen} {
  auto& server = shared_->server;
  const auto* where = "Client commands";
  app.add_option("--url", server.url, "Admin endpoint of the server")
      ->envname("MUSTER_URL")
      ->capture_default_str()
      ->group(where);
  app.add_option("--token", server.token,
                 "API token; better in MUSTER_TOKEN, where ps does not show it")
      ->envname("MUSTER_TOKEN")
      ->group(where);
  app.add_option("--token-file", server.token_file, "File with the API token")
      ->envname("MUSTER_TOKEN_FILE")
      ->group(where);
  app.add_option("--ca", server.authorities, "PEM file with the authorities to trust (https)")
      ->group(where);
  app.add_flag("--json", shared_->json, "Print the server's answer as JSON")->group(where);
}

CLI::App* command_set::group(const std::string& name, const std::string& about) {
  auto* command = app_.add_subcommand(name, about);
  command->require_subcommand(1);
  command->fallthrough();
  return command;
}

int command_set::shared_options::show(const boost::json::value& value) const {
  print(json ? as_json(value) : as_details(value));
  return exit_code::ok;
}

int command_set::shared_options::list(const boost::json::value& answer,
                                      const std::vector<std::string>& columns) const {
  const auto& items = answer.is_array() ? answer : member(answer, "items");
  if (json || !items.is_array())
    print(as_json(answer));
  else
    print(as_table(items.get_array(), columns));
  return exit_code::ok;
}

int command_set::shared_options::done(const boost::json::value& answer,
                                      const std::string& text) const {
  if (!json)
    print(harmless(text) + '\n');
  else if (!answer.is_null())
    print(as_json(answer));
  return exit_code::ok;
}

void add_client_commands(CLI::App& app, std::function<int()>& chosen,
                         const std::function<void(command_set&)>& more) {
  command_set commands{app, chosen};
  add_status_commands(commands);
  add_channel_commands(commands);
  add_connection_commands(commands);
  add_operation_commands(commands);
  add_topic_commands(commands);
  add_subscription_commands(commands);
  add_pub_sub_commands(commands);
  add_account_commands(commands);
  if (more)
    more(commands);
  app.footer("Examples:\n"
             "  muster connections ls --selector 'idle > 10m and client_id ~ \"pos-*\"'\n"
             "  muster connections invoke ws.0123... --data '{\"command\":\"refresh\"}'\n"
             "Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 3 no server, 4 not allowed, "
             "5 not found.\nEvery command has --help.");
}

int run_chosen(CLI::App& app, int argc, char** argv, const std::function<int()>& chosen) {
  try {
    app.parse(argc, argv);
    const int code = chosen();
    std::fflush(stdout);
    return code;
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    const auto strangers = app.remaining(true);
    const auto text = strangers.empty() ? error.what() : "what is \"" + strangers.front() + "\"?";
    return complain(exit_code::usage, text + " (see --help)");
  } catch (const failure& error) {
    return complain(error.code(), error.what());
  } catch (const std::exception& error) {
    return complain(exit_code::failed, error.what());
  }
}

} // namespace muster
