#pragma once

#include "admin/route.hpp"

#include <string>
#include <vector>

namespace muster {

/// The OpenAPI 3.1 document of these routes.
std::string openapi_document(const std::vector<admin_route>& all, const std::string& version);

/// The names in braces of a path.
std::vector<std::string> path_parameters(const std::string& path);

} // namespace muster
