#pragma once

#include "admin/call.hpp"
#include "messages/close_code.hpp"
#include "messages/selector.hpp"

#include <optional>
#include <string>

namespace muster {

// What several verbs read from their requests. Each gives nothing when it is wrong, and the call
// has failed then.

/// A selector, with the column where it is wrong.
std::optional<selector> read_selector(admin_call& call, const std::string& text);

/// The fields `code`, `reason`, `retry` and `to`.
std::optional<close_order> read_close_order(admin_call& call);
std::vector<body_field> close_fields();

/// The field `timeout`.
std::optional<duration> read_timeout(admin_call& call);
body_field timeout_field();

} // namespace muster
