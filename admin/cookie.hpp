#pragma once

#include "net/http.hpp"

#include <string>

namespace muster {

/// The dashboard session that a request brings along; empty: none.
std::string session_cookie(const http_request& request);

/// The Set-Cookie header for a session; an empty one with no time to live ends it.
std::string set_session_cookie(const std::string& session, double lives_for, bool secure);

} // namespace muster
