#pragma once

#include "cli/commands.hpp"

#include <string>
#include <vector>

namespace muster {

/// How much of a list a command prints.
struct page_options {
  unsigned limit = 50;
  bool all = false;

  void add_to(CLI::App* command);
};

/// Prints a list of the admin endpoint: one page, or all of them as one.
int list_pages(const command_set::shared_options& shared, const page_options& options,
               const std::string& target, const query& parts,
               const std::vector<std::string>& columns);

} // namespace muster
