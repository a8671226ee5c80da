#pragma once

#include <cstddef>
#include <string>

namespace muster {

/// Columns of the terminal at standard output; 0 when it is none.
std::size_t terminal_width();

/// Whether standard output may be styled: a terminal, and `NO_COLOR` is not set.
bool may_style();

bool progress_wanted();

/// Asks for a secret on the terminal without echo, twice when `confirm`; or reads one line from
/// standard input when `from_input`.
std::string read_secret(const std::string& prompt, bool from_input, bool confirm);

/// What `@FILE`, `-` (standard input) or the text itself stands for.
std::string read_argument(const std::string& argument);

} // namespace muster
