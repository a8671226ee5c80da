#pragma once

#include "storage/check.hpp"
#include "storage/sqlite.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <filesystem>

namespace muster {

/// Copies the database of a data directory, as it is at one moment, into a file of its own that
/// only its owner may read, whether or not a server runs; checks the copy. The file is there when
/// it is whole. One that is there already is an error, or goes.
caf::expected<database_contents> back_up(const std::filesystem::path& directory,
                                         const std::filesystem::path& to, bool replace,
                                         const copy_progress& progress);

/// What was laid ready to take the place of the data.
struct waiting_backup {
  database_contents contents;
  /// They are there, but what was written is lost.
  std::uint64_t damaged_messages = 0;
  std::uint64_t damaged_subscriptions = 0;
};

/// Copies a backup into a data directory, of this program's version and checked, to wait there for
/// `swap_in_backup`. An error says why it cannot be used.
caf::expected<waiting_backup> lay_backup_ready(const std::filesystem::path& backup,
                                               const std::filesystem::path& directory,
                                               const copy_progress& progress);
/// Takes it away again.
void drop_waiting_backup(const std::filesystem::path& directory);

/// Carries over all that is in the log ahead of the file.
caf::error settle_log(sqlite_database& database);

/// Puts what waits in the place of the database; at every moment one of them is there. For who has
/// the directory's lock and the file closed. Gives the name that the old one has now; empty: there
/// was none.
caf::expected<std::filesystem::path> swap_in_backup(const std::filesystem::path& directory);
/// The old one back in its place.
void swap_back(const std::filesystem::path& directory, const std::filesystem::path& old);

/// Puts what waits in the place of the database while no server runs; gives the name that the old
/// one has now.
caf::expected<std::filesystem::path> take_up_offline(const std::filesystem::path& directory);

} // namespace muster
