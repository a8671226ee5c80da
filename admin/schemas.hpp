#pragma once

#include "admin/json_writer.hpp"

#include <string>
#include <vector>

namespace muster {

/// Writes the schemas of all answers, as the members of an object.
void put_schemas(json_writer& json);

/// The names of the schemas that `put_schemas` writes.
std::vector<std::string> schema_names();

} // namespace muster
