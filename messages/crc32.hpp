#pragma once

#include <cstdint>
#include <string_view>

namespace muster {

/// The CRC-32 of IEEE 802.3, as in zip and PNG. Eight bytes a step: every stored message goes
/// through it.
std::uint32_t crc32(std::string_view bytes);

} // namespace muster
