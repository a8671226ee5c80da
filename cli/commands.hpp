#pragma once

#include "cli/admin_endpoint.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace muster {

/// What all client commands share: the server, how to print, and where the chosen one goes.
class command_set {
public:
  command_set(CLI::App& app, std::function<int()>& chosen);

  /// A command that has only others below it.
  CLI::App* group(const std::string& name, const std::string& about);
  /// Makes `command` do something. `Options` is kept as long as it may run;
  /// `work(options)` is what it does.
  template <class Options, class Work>
  std::shared_ptr<Options> leaf(CLI::App* command, Work work) {
    auto options = std::make_shared<Options>();
    command->fallthrough();
    command->callback([chosen = chosen_, shared = shared_, options, work] {
      *chosen = [shared, options, work] { return work(*shared, *options); };
    });
    return options;
  }

  /// The options in front of and behind every client command.
  struct shared_options {
    server_options server;
    bool json = false;

    admin_endpoint endpoint() const { return admin_endpoint{server}; }
    /// Prints an object: as details, or as JSON.
    int show(const boost::json::value& value) const;
    /// Prints a list: as a table, or the whole answer as JSON.
    int list(const boost::json::value& answer, const std::vector<std::string>& columns) const;
    /// Says what was done; with `--json` the answer itself.
    int done(const boost::json::value& answer, const std::string& text) const;
  };

  CLI::App& app() { return app_; }

private:
  CLI::App& app_;
  std::function<int()>* chosen_;
  std::shared_ptr<shared_options> shared_ = std::make_shared<shared_options>();
};

struct no_options {};

void add_status_commands(command_set& commands);
void add_channel_commands(command_set& commands);
void add_connection_commands(command_set& commands);
void add_operation_commands(command_set& commands);
void add_account_commands(command_set& commands);
void add_topic_commands(command_set& commands);
void add_subscription_commands(command_set& commands);
void add_pub_sub_commands(command_set& commands);

/// Where a subscription begins, as JSON: a sequence is a number, all else text.
std::string start_point_json(const std::string& text);

/// Follows an operation on many connections to its end: progress on standard error, the outcomes on
/// standard output. The exit code says whether all went well.
int follow_operation(const command_set::shared_options& shared, const boost::json::value& started);

} // namespace muster
