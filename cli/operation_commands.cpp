#include "cli/cli.hpp"
#include "cli/commands.hpp"
#include "cli/render.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <thread>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct operation_id {
  std::string id;
  std::string target() const { return "/operations/" + percent_encoded(id); }
};

int show_operation(const shared_options& shared, const json::value& operation) {
  const auto& outcomes = member(operation, "outcomes");
  if (shared.json || !outcomes.is_array())
    return shared.show(operation);
  auto head = operation.get_object();
  head.erase("outcomes");
  shared.show(head);
  if (outcomes.get_array().empty())
    return exit_code::ok;
  fmt::print("\n{}",
             as_table(outcomes.get_array(), {"connection_id", "outcome", "ms", "data", "detail"}));
  return exit_code::ok;
}

/// The exit code of what became of all connections.
int judge(const json::value& operation) {
  static constexpr std::array<std::string_view, 5> good{"ok", "echoed", "no_echo", "sent", "gone"};
  const auto& outcomes = member(operation, "outcomes");
  const bool all =
      !outcomes.is_array()
      || std::all_of(outcomes.get_array().begin(), outcomes.get_array().end(),
                     [](const json::value& one) {
                       const auto outcome = cell(member(one, "outcome"));
                       return std::find(good.begin(), good.end(), outcome) != good.end();
                     });
  return all && cell(member(operation, "state")) != "cancelled" ? exit_code::ok : exit_code::failed;
}

} // namespace

int follow_operation(const shared_options& shared, const json::value& started) {
  const operation_id which{cell(member(started, "id"))};
  if (which.id.empty() || cell(member(started, "dry_run")) == "true")
    return show_operation(shared, started);
  const bool progress = progress_wanted();
  auto now = started;
  while (cell(member(now, "state")) == "running") {
    if (progress)
      fmt::print(stderr, "\roperation {}: {} of {}", harmless(which.id),
                 cell(member(now, "finished")), cell(member(now, "matched")));
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    now = shared.endpoint().get(which.target());
  }
  if (progress)
    fmt::print(stderr, "\r\x1b[K");
  show_operation(shared, now);
  return judge(now);
}

void add_operation_commands(command_set& commands) {
  auto* operations = commands.group("operations", "Work on many connections");
  auto* show = operations->add_subcommand("show", "How far an operation is, and its outcomes");
  auto which = commands.leaf<operation_id>(
      show, [](const shared_options& shared, const operation_id& options) {
        return show_operation(shared, shared.endpoint().get(options.target()));
      });
  show->add_option("id", which->id, "The operation")->required();
  auto* cancel = operations->add_subcommand("cancel", "Do no more of an operation");
  auto ended = commands.leaf<operation_id>(
      cancel, [](const shared_options& shared, const operation_id& options) {
        return shared.done(shared.endpoint().send("DELETE", options.target(), nullptr),
                           "cancelled " + options.id);
      });
  cancel->add_option("id", ended->id, "The operation")->required();
}

} // namespace muster
