#include "storage/migration.hpp"

#include "messages/errc.hpp"

#include <string>

namespace muster {

namespace {

caf::error check_owner(sqlite_database& database) {
  auto id = database.number("PRAGMA application_id");
  if (!id)
    return id.error();
  if (*id == our_application_id)
    return {};
  auto things = database.number("SELECT count(*) FROM sqlite_schema");
  if (!things)
    return things.error();
  if (*id != 0 || *things != 0)
    return make_error(errc::conflict, "it is a database of another program");
  return {};
}

caf::error run_step(sqlite_database& database, std::size_t version, const char* step) {
  auto failed = database.execute("BEGIN IMMEDIATE");
  if (!failed)
    failed = database.execute(step);
  if (!failed)
    failed = database.execute("PRAGMA application_id = " + std::to_string(our_application_id)
                              + "; PRAGMA user_version = " + std::to_string(version + 1));
  if (!failed)
    failed = database.execute("COMMIT");
  if (failed && database.in_transaction())
    database.execute("ROLLBACK");
  return failed;
}

} // namespace

caf::expected<std::int64_t> known_version(sqlite_database& database, std::size_t newest) {
  if (auto stranger = check_owner(database))
    return stranger;
  auto version = database.number("PRAGMA user_version");
  if (version && (*version < 0 || static_cast<std::size_t>(*version) > newest))
    return make_error(errc::conflict, "it was written by a newer version of muster (version "
                                          + std::to_string(*version) + ", this one knows "
                                          + std::to_string(newest) + ")");
  return version;
}

caf::error migrate(sqlite_database& database, std::span<const char* const> steps) {
  auto version = known_version(database, steps.size());
  if (!version)
    return version.error();
  for (auto next = static_cast<std::size_t>(*version); next < steps.size(); ++next)
    if (auto failed = run_step(database, next, steps[next]))
      return failed;
  return {};
}

} // namespace muster
