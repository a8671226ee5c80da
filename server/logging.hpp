#pragma once

#include "server/config.hpp"

namespace muster {

/// Sends the log where the configuration wants it; a second call reopens it. Throws
/// `spdlog::spdlog_ex` when the file cannot be opened.
void set_up_logging(const log_config& settings);

/// Writes out what is still queued.
void end_logging();

} // namespace muster
