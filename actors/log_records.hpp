#pragma once

#include "actors/storage.hpp"
#include "messages/publication.hpp"

#include <caf/expected.hpp>

namespace muster {

/// A message as the log of its topic keeps it.
log_record to_record(const topic_message& message);

/// The message of a record; an error when it is damaged, or is another than its place says.
caf::expected<topic_message> from_record(const log_record& record);

} // namespace muster
