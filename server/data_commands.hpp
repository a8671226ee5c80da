#pragma once

#include "cli/commands.hpp"
#include "server/config.hpp"

namespace muster {

/// Registers `doctor`, `backup` and `restore`, which work on the data directory of this machine.
/// What is given ends in `sources`, which must outlive the commands.
void add_data_commands(command_set& commands, config_sources& sources);

} // namespace muster
