#pragma once

#include "admin/call.hpp"

#include <functional>
#include <string>

namespace muster {

using version_taker = std::function<void(std::string)>;

/// Hands on the version that an edit depends on (`If-Match`): the one sent, or of several the
/// present one, which `find_present` is asked for; `precondition_failed` when it is none of them.
void with_version(const call_ptr& call, const std::function<void(version_taker)>& find_present,
                  version_taker then);

} // namespace muster
