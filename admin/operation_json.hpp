#pragma once

#include "messages/operation.hpp"

#include <string>

namespace muster {

/// An operation as the endpoint shows it; of a dry run also the ids of the connections.
std::string show(const operation& what);

/// The same without its outcomes, for the end of a stream.
std::string show_state(const operation& what);

std::string show(const operation_outcome& what);

} // namespace muster
