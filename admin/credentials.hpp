#pragma once

#include "actors/interfaces.hpp"
#include "net/http.hpp"

namespace muster {

/// The credentials that a request has: a token as `Authorization: Bearer TOKEN`, or else the cookie
/// of a session. Both are empty when it has none.
authenticate credentials_of(const http_request& request);

} // namespace muster
