#pragma once

#include "admin/call.hpp"
#include "messages/account.hpp"

#include <optional>
#include <string>

namespace muster {

// Accounts as the endpoint shows them: never with a hash.

std::string show(const user& who);
/// With the token itself, when there is one to show.
std::string show(const api_token& what, std::string_view token = {});

/// The field `role`; nothing when it is none of the roles, and the call has failed.
std::optional<role> read_role(admin_call& call, role usual);
body_field role_field(bool required);

} // namespace muster
