#pragma once

#include "actors/interfaces.hpp"

namespace muster {

/// What the client gets for its publication.
service_reply reply_to_publish(const published& done);
/// In the words that the client gets; what is a fault of ours is for the log.
service_reply refuse_pubsub(const caf::error& why);

} // namespace muster
