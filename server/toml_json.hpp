#pragma once

#include "server/config_file.hpp"

#include <toml++/toml.h>

#include <string>

namespace muster {

/// `path:line:column` of something in a file.
std::string place(const std::string& path, const toml::source_region& region);

/// A [[channel]] or [[topic]] table as the JSON of its fields, and as lines to show. What JSON has
/// no word for (dates, infinity) becomes a fault.
declaration to_declaration(const std::string& path, const toml::table& table,
                           std::vector<config_fault>& faults);

} // namespace muster
