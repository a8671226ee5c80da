#pragma once

#include "server/config.hpp"
#include "server/run.hpp"

namespace muster {

/// Runs the server until a signal ends it; the exit code of the process.
int serve(const config& settings, run_options options);

} // namespace muster
