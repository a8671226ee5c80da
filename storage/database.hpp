#pragma once

#include "actors/storage.hpp"

#include <caf/expected.hpp>

#include <filesystem>
#include <memory>

namespace muster {

/// Opens the database `muster.db` in a data directory, and makes both where they are missing. What
/// is committed survives the end of the process and of the machine. The error says in a sentence
/// what is wrong: no right to write, another server is there, a file of another program or version.
caf::expected<std::shared_ptr<storage>> open_database(const std::filesystem::path& directory);

} // namespace muster
