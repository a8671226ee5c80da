#pragma once

#include "admin/call.hpp"

#include <functional>

namespace muster {

// What the parameters of a path name. Each calls `then` when it is there; else the call has failed.

/// The connection `{id}`.
void with_connection(const call_ptr& call, std::function<void(const roll_entry&)> then);

/// The topic `{name}`, its actor started.
void with_topic(const call_ptr& call, std::function<void(const found_topic&)> then);

/// The topic of the subscription `{sub_key}`, which need not have it any more.
void with_topic_of_key(const call_ptr& call, std::function<void(const found_topic&)> then);

} // namespace muster
