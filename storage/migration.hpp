#pragma once

#include "storage/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace muster {

/// `application_id` of our files: "MUST".
inline constexpr std::int64_t our_application_id = 0x4d555354;

/// The version of a database; 0 for one that is empty. An error when it is of another program, or
/// newer than that.
caf::expected<std::int64_t> known_version(sqlite_database& database, std::size_t newest);

/// Brings a database to the newest form: `steps[n]` takes it from version n to n + 1, each wholly
/// or not at all. A file that is not ours, or that is newer than the steps, is left alone: an
/// error.
caf::error migrate(sqlite_database& database, std::span<const char* const> steps);

} // namespace muster
