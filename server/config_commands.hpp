#pragma once

#include "server/config.hpp"

namespace muster {

/// Prints the faults, one a line, to standard error; true when there are none.
bool report_faults(const loaded_config& loaded);

/// `muster config check`: OK, or every fault. Returns the exit code.
int check_config(const config_sources& sources);

/// `muster config show`: what is in force, as TOML, each line with where it comes from.
int show_config(const config_sources& sources);

} // namespace muster
