#pragma once

#include "server/config.hpp"

#include <CLI/CLI.hpp>

namespace muster {

/// Gives `command` the flags of the server; what is given ends in `sources`, which must outlive it.
void add_serve_options(CLI::App& command, config_sources& sources);

/// Gives it only what tells where the data is, and where the admin endpoint.
void add_data_options(CLI::App& command, config_sources& sources);

/// The variables of this process that are ours.
std::map<std::string, std::string> own_environment();

} // namespace muster
