#include "storage/schema.hpp"

#include "storage/log_tables.hpp"
#include "storage/migration.hpp"

#include <array>

namespace muster {

namespace {

// Never edit a step that was released: add one.
const std::array steps = {
    R"sql(
    CREATE TABLE documents (
      kind TEXT NOT NULL CHECK (length(kind) > 0),
      key TEXT NOT NULL CHECK (length(key) > 0),
      body BLOB NOT NULL,
      PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID
  )sql",
    log_schema,
};

} // namespace

std::string_view name_of(document_kind kind) {
  switch (kind) {
  case document_kind::channel:
    return "channel";
  case document_kind::user:
    return "user";
  case document_kind::token:
    return "token";
  case document_kind::setting:
    return "setting";
  case document_kind::topic:
    return "topic";
  }
  return {};
}

std::int64_t newest_version() {
  return static_cast<std::int64_t>(steps.size());
}

caf::error bring_up_to_date(sqlite_database& database) {
  return migrate(database, steps);
}

caf::expected<std::int64_t> version_of(sqlite_database& database) {
  return known_version(database, steps.size());
}

} // namespace muster
