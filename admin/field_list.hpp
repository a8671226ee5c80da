#pragma once

#include "messages/described_field.hpp"

#include <span>
#include <string>
#include <string_view>

namespace muster {

/// The fields of a definition as a list for forms. Defaults are the members of `defaults`, a
/// definition of which nothing was given, as JSON; what is not in there has none.
std::string list_fields(std::span<const described_field> fields, std::string_view defaults);

} // namespace muster
