#include "cli/connection_commands.hpp"

#include "cli/pages.hpp"

#include <sstream>

namespace muster {
namespace {

using shared_options = command_set::shared_options;

struct list_options {
  std::string channel;
  std::string client_id;
  std::string selector;
  std::string sort;
  std::string columns =
      "id,channel,client_id,client_name,remote_address,connected_at,state,messages_in,messages_out";
  page_options pages;
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

int list_connections(const shared_options& shared, const list_options& options) {
  const auto columns = split(options.columns);
  return list_pages(shared, options.pages, "/connections",
                    {{"channel", options.channel},
                     {"client_id", options.client_id},
                     {"selector", options.selector},
                     {"sort", options.sort},
                     {"fields", shared.json ? "" : fields_of(columns)}},
                    columns);
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
  options->pages.add_to(list);
  list->add_option("--columns", options->columns, "Attributes to show, separated by commas")
      ->capture_default_str();
}

} // namespace muster
