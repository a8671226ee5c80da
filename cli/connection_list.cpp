#include "cli/connection_commands.hpp"

#include "cli/cli.hpp"
#include "cli/render.hpp"
#include "cli/terminal.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <sstream>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

struct list_options {
  std::string channel;
  std::string client_id;
  std::string selector;
  std::string sort;
  std::string columns =
      "id,channel,client_id,client_name,remote_address,connected_at,state,messages_in,messages_out";
  unsigned limit = 50;
  bool all = false;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  std::istringstream stream{text};
  for (std::string part; std::getline(stream, part, ',');)
    if (!part.empty())
      parts.push_back(part);
  return parts;
}

/// The attributes that the columns need: `labels` of `labels.site`.
std::string fields_of(const std::vector<std::string>& columns) {
  std::string fields;
  for (const auto& column : columns)
    fields += (fields.empty() ? "" : ",") + column.substr(0, column.find('.'));
  return fields;
}

json::value next_page(const shared_options& shared, const list_options& options,
                      const std::vector<std::string>& columns, const std::string& cursor) {
  const auto limit = options.all ? 1000u : options.limit;
  return shared.endpoint().get("/connections", {{"channel", options.channel},
                                                {"client_id", options.client_id},
                                                {"selector", options.selector},
                                                {"sort", options.sort},
                                                {"limit", std::to_string(limit)},
                                                {"fields", shared.json ? "" : fields_of(columns)},
                                                {"cursor", cursor}});
}

int list_connections(const shared_options& shared, const list_options& options) {
  const auto columns = split(options.columns);
  auto answer = next_page(shared, options, columns, {});
  auto more = cell(member(answer, "next_cursor"));
  while (options.all && !more.empty()) {
    auto page = next_page(shared, options, columns, more);
    more = cell(member(page, "next_cursor"));
    auto& items = answer.at("items").as_array();
    for (auto& item : page.at("items").as_array())
      items.push_back(std::move(item));
    answer.as_object()["next_cursor"] = page.at("next_cursor");
  }
  shared.list(answer, columns);
  std::fflush(stdout);
  if (!shared.json && !more.empty())
    fmt::print(stderr, "{} of {}; --all shows the rest\n",
               member(answer, "items").get_array().size(), cell(member(answer, "total")));
  return exit_code::ok;
}

} // namespace

void add_connection_list(command_set& commands, CLI::App* connections) {
  auto* list = connections->add_subcommand("ls", "List and search the connections");
  list->footer("Examples:\n  muster connections ls --channel crm --sort -queue_bytes --limit 10\n"
               "  muster connections ls --selector 'idle > 10m or dropped > 0' --all");
  auto options = commands.leaf<list_options>(list, list_connections);
  list->add_option("--channel", options->channel, "Only those of this channel");
  list->add_option("--client-id", options->client_id, "Only those whose client id contains this");
  list->add_option("--selector", options->selector, "Only those that this matches");
  list->add_option("--sort", options->sort, "Attribute to sort by; -ATTRIBUTE: downwards");
  list->add_option("--limit", options->limit, "How many")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  list->add_option("--columns", options->columns, "Attributes to show, separated by commas")
      ->capture_default_str();
  list->add_flag("--all", options->all, "All of them, page by page");
}

} // namespace muster
