#pragma once

#include <string_view>

namespace muster {

/// Whether the bytes are well-formed UTF-8 (RFC 3629: shortest form, no surrogates, at most
/// U+10FFFF).
bool is_utf8(std::string_view bytes);

} // namespace muster
