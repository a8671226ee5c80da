#pragma once

#include "admin/endpoint.hpp"
#include "server/config.hpp"

#include <vector>

namespace muster {

/// Sends the log where the configuration wants it; a second call reopens it. Throws
/// `spdlog::spdlog_ex` when the file cannot be opened.
void set_up_logging(const log_config& settings);

/// The last warnings and errors, whatever the level of the log. Any thread.
std::vector<incident> logged_incidents();

/// Writes out what is still queued.
void end_logging();

} // namespace muster
