#pragma once

#include "actors/storage.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <string>

namespace muster {

/// Opens a database's logs to be read, with a connection of its own.
caf::expected<std::shared_ptr<log_reader>> open_log_reader(const std::string& path);

} // namespace muster
