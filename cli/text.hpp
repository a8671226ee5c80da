#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace muster {

/// Text from outside as a terminal may show it: control characters, marks that change the direction
/// of writing or have no width are spelt `\u202e`, bytes that are no UTF-8 become U+FFFD.
std::string harmless(std::string_view text);

/// How many columns a terminal needs for harmless text.
std::size_t columns_of(std::string_view text);

/// `text` cut to so many columns, with an ellipsis where something was left out.
std::string cut_to(std::string_view text, std::size_t columns);

/// Percent-encodes what is not unreserved (RFC 3986).
std::string percent_encoded(std::string_view text);

} // namespace muster
