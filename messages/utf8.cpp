#include "messages/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace muster {

namespace {

bool is_continuation(unsigned char c) {
  return (c & 0xC0) == 0x80;
}

// The length of the sequence that begins with `lead`, and the range of its second byte; 0: none.
struct shape {
  std::size_t length;
  unsigned char low;
  unsigned char high;
};

shape shape_of(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF)
    return {2, 0x80, 0xBF};
  if (lead == 0xE0)
    return {3, 0xA0, 0xBF};
  if (lead == 0xED)
    return {3, 0x80, 0x9F};
  if (lead >= 0xE1 && lead <= 0xEF)
    return {3, 0x80, 0xBF};
  if (lead == 0xF0)
    return {4, 0x90, 0xBF};
  if (lead >= 0xF1 && lead <= 0xF3)
    return {4, 0x80, 0xBF};
  if (lead == 0xF4)
    return {4, 0x80, 0x8F};
  return {0, 0, 0};
}

} // namespace

bool is_utf8(std::string_view bytes) {
  const auto* at = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto* const end = at + bytes.size();
  while (at != end) {
    std::uint64_t eight = 0;
    if (end - at >= 8) {
      std::memcpy(&eight, at, 8);
      if ((eight & 0x8080808080808080U) == 0) {
        at += 8;
        continue;
      }
    }
    if (*at < 0x80) {
      ++at;
      continue;
    }
    const auto [length, low, high] = shape_of(*at);
    if (length == 0 || end - at < static_cast<std::ptrdiff_t>(length) || at[1] < low
        || at[1] > high)
      return false;
    for (std::size_t i = 2; i < length; ++i)
      if (!is_continuation(at[i]))
        return false;
    at += length;
  }
  return true;
}

} // namespace muster
