#pragma once

#include <CLI/CLI.hpp>

#include <functional>

namespace muster {

/// What the process ends with.
namespace exit_code {
inline constexpr int ok = 0;
/// The server refused, or what was asked for did not succeed.
inline constexpr int failed = 1;
inline constexpr int usage = 2;
inline constexpr int unreachable = 3;
inline constexpr int not_authorized = 4;
inline constexpr int not_found = 5;
} // namespace exit_code

const char* version();

class command_set;

/// Registers the commands that talk to the admin endpoint, and `more` that share their options. The
/// one that the command line asks for is put into `chosen`, which must outlive the parsing, and
/// works when it is called.
void add_client_commands(CLI::App& app, std::function<int()>& chosen,
                         const std::function<void(command_set&)>& more = {});

/// Parses the command line and runs what it chose; failures become one line on standard error and
/// an exit code.
int run_chosen(CLI::App& app, int argc, char** argv, const std::function<int()>& chosen);

} // namespace muster
