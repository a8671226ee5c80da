#pragma once

#include "actors/storage.hpp"
#include "storage/sqlite.hpp"

#include <cstdint>
#include <string_view>

namespace muster {

/// The file in a data directory, and the one that waits to take its place.
inline constexpr const char* database_name = "muster.db";
inline constexpr const char* waiting_name = "muster.db.incoming";

/// What a document's kind is called in the database.
std::string_view name_of(document_kind kind);

/// The version of the tables that this program writes.
std::int64_t newest_version();

/// Makes the tables, or brings those of an earlier version to the newest. A file that is not ours,
/// or that a newer program wrote, is left alone: an error.
caf::error bring_up_to_date(sqlite_database& database);

/// The version of a file of ours; an error in a sentence when it is none, or is newer.
caf::expected<std::int64_t> version_of(sqlite_database& database);

} // namespace muster
