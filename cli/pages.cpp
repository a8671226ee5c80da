#include "cli/pages.hpp"

#include "cli/cli.hpp"
#include "cli/render.hpp"

#include <spdlog/fmt/fmt.h>

#include <cstdio>

namespace muster {
namespace {

namespace json = boost::json;
using shared_options = command_set::shared_options;

constexpr unsigned largest_page = 1000;

json::value next_page(const shared_options& shared, const page_options& options,
                      const std::string& target, query parts, const std::string& cursor) {
  parts.emplace_back("limit", std::to_string(options.all ? largest_page : options.limit));
  parts.emplace_back("cursor", cursor);
  return shared.endpoint().get(target, parts);
}

} // namespace

void page_options::add_to(CLI::App* command) {
  command->add_option("--limit", limit, "How many")
      ->check(CLI::Range(1u, largest_page))
      ->capture_default_str();
  command->add_flag("--all", all, "All of them, page by page");
}

int list_pages(const shared_options& shared, const page_options& options, const std::string& target,
               const query& parts, const std::vector<std::string>& columns) {
  auto answer = next_page(shared, options, target, parts, {});
  auto more = cell(member(answer, "next_cursor"));
  while (options.all && !more.empty()) {
    auto page = next_page(shared, options, target, parts, more);
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

} // namespace muster
