#include "cli/connection_commands.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/render.hpp"
#include "cli/terminal.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <cstdlib>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct invoke_options {
  connection_target target;
  std::string data;
  double timeout = 5;
};

struct close_options {
  connection_target target;
  unsigned code = 0;
  std::string reason;
  std::string retry;
  std::string to;
};

/// Beyond the call's own timeout, for the way there and back.
constexpr double on_top = 15;

json::object merged(json::object base, const json::object& with) {
  for (const auto& [key, value] : with)
    base[key] = value;
  return base;
}

int invoke_clients(const shared_options& shared, const invoke_options& options) {
  const json::object call{{"data", parse_json(read_argument(options.data), "--data")},
                          {"timeout", options.timeout}};
  const auto& target = options.target;
  const auto many = target.body();
  if (!target.is_one())
    return follow_operation(
        shared, shared.endpoint().send("POST", "/connections:invoke", merged(many, call)));
  const auto answer =
      shared.endpoint().send("POST", target.path("/invoke"), call, options.timeout + on_top);
  const auto outcome = cell(member(answer, "outcome"));
  if (shared.json) {
    shared.show(answer);
  } else if (outcome == "ok") {
    fmt::print("{}", as_json(member(answer, "data")));
  } else {
    const auto detail = cell(member(answer, "detail"));
    const auto& data = member(answer, "data");
    throw failure{exit_code::failed, "outcome " + outcome + (detail.empty() ? "" : ": " + detail)
                                         + (data.is_null() ? "" : ": " + cell(data))};
  }
  return outcome == "ok" ? exit_code::ok : exit_code::failed;
}

/// `A,B` or `never`.
json::value retry_of(const std::string& text) {
  if (text == "never")
    return nullptr;
  const auto range = parse_json('[' + text + ']', "--retry");
  const auto& parts = range.get_array();
  if (parts.size() != 2 || !parts[0].is_number() || !parts[1].is_number())
    throw failure{exit_code::usage, "--retry wants A,B or never"};
  return range;
}

json::object close_order_of(const close_options& options) {
  json::object order;
  if (options.code != 0)
    order["code"] = options.code;
  if (!options.reason.empty())
    order["reason"] = options.reason;
  if (!options.retry.empty())
    order["retry"] = retry_of(options.retry);
  if (!options.to.empty())
    order["to"] = options.to;
  return order;
}

int close_clients(const shared_options& shared, const close_options& options) {
  const auto& target = options.target;
  const auto many = target.body();
  const auto order = close_order_of(options);
  if (!target.is_one())
    return follow_operation(
        shared, shared.endpoint().send("POST", "/connections:close", merged(many, order)));
  const auto receipt = shared.endpoint().send("DELETE", target.path(), order, 60);
  return shared.show(receipt);
}

int tell_clients(const shared_options& shared, const invoke_options& options) {
  const json::object data{{"data", parse_json(read_argument(options.data), "--data")}};
  return follow_operation(shared, shared.endpoint().send("POST", "/connections:broadcast",
                                                         merged(options.target.body(), data)));
}

void add_data(CLI::App* command, invoke_options& options) {
  command->add_option("--data", options.data, "JSON, @FILE, or - for standard input")->required();
}

void add_looking(command_set& commands, CLI::App* connections) {
  commands.leaf<no_options>(
      connections->add_subcommand("attributes",
                                  "What is known of connections, for selectors and columns"),
      [](const shared_options& shared, const no_options&) {
        return shared.list(shared.endpoint().get("/attributes"), {"name", "kind", "about"});
      });
  auto* show = connections->add_subcommand("show", "Show one connection in full");
  auto one = commands.leaf<connection_target>(
      show, [](const shared_options& shared, const connection_target& target) {
        return shared.show(shared.endpoint().get(target.path()));
      });
  show->add_option("id", one->id, "The connection")->required();

  auto* messages = connections->add_subcommand("messages", "The log of a connection's messages");
  auto logged = commands.leaf<connection_target>(
      messages, [](const shared_options& shared, const connection_target& target) {
        return shared.list(shared.endpoint().get(target.path("/messages")),
                           {"at", "direction", "id", "in_reply_to", "size", "payload"});
      });
  messages->add_option("id", logged->id, "The connection")->required();
}

void add_acting(command_set& commands, CLI::App* connections) {
  auto* invoke =
      connections->add_subcommand("invoke", "Call a client, or many, and wait for the answer");
  invoke->footer(
      "Examples:\n  muster connections invoke ws.0123... --data '{\"command\":\"refresh\"}'\n"
      "  muster connections invoke --selector 'label.site == \"A\"' --data @call.json --pace 50");
  auto call = commands.leaf<invoke_options>(invoke, invoke_clients);
  call->target.add_to(invoke, true);
  add_data(invoke, *call);
  invoke->add_option("--timeout", call->timeout, "Seconds to wait for each")->capture_default_str();

  auto* close = connections->add_subcommand("close", "Close a connection, or many, properly");
  close->footer("Examples:\n  muster connections close ws.0123... --code 4005 --reason 'update' "
                "--retry 1,30\n"
                "  muster connections close --selector 'idle > 1h' --max 100 --dry-run");
  auto end = commands.leaf<close_options>(close, close_clients);
  end->target.add_to(close, true);
  close->add_option("--code", end->code, "Close code: 1000, 1001 or 4000-4999");
  close->add_option("--reason", end->reason, "Why; the client gets it");
  close->add_option("--retry", end->retry, "Advice: come back after A to B seconds, or never")
      ->type_name("A,B|never");
  close->add_option("--to", end->to, "Advice: come back to this URL");
}

} // namespace

void add_connection_commands(command_set& commands) {
  auto* connections = commands.group("connections", "The clients that are connected");
  add_connection_list(commands, connections);
  add_looking(commands, connections);
  add_acting(commands, connections);
  auto* broadcast = commands.app().add_subcommand("broadcast", "Send one message to many clients");
  broadcast->footer(
      "Example:\n  muster broadcast --channel crm --data '{\"notice\":\"back at six\"}'");
  auto told = commands.leaf<invoke_options>(broadcast, tell_clients);
  told->target.add_to(broadcast, false);
  add_data(broadcast, *told);
}

} // namespace muster
