#include "server/config_commands.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <cstdio>

namespace muster {

bool report_faults(const loaded_config& loaded) {
  for (const auto& fault : loaded.faults)
    fmt::print(stderr, "muster: {}: {}\n", fault.where, fault.what);
  return loaded.faults.empty();
}

int check_config(const config_sources& sources) {
  if (!report_faults(load_config(sources)))
    return 1;
  fmt::print("OK\n");
  return 0;
}

int show_config(const config_sources& sources) {
  const auto loaded = load_config(sources);
  std::size_t width = 0;
  for (const auto& line : loaded.lines)
    width = std::max(width, std::min<std::size_t>(line.text.size(), 48));
  std::string section;
  for (const auto& line : loaded.lines) {
    if (line.section != section)
      fmt::print("{}{}\n", section.empty() ? "" : "\n", line.section);
    section = line.section;
    fmt::print("{:<{}}  # {}\n", line.text, width, line.origin);
  }
  return report_faults(loaded) ? 0 : 1;
}

} // namespace muster
