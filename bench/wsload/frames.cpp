#include "bench/wsload/frames.hpp"

#include <stdexcept>

namespace muster::bench {
namespace {

void xor_mask(char* p, std::size_t n, std::uint32_t mask) {
  const auto twice = static_cast<std::uint64_t>(mask) << 32 | mask;
  for (; n >= 8; p += 8, n -= 8) {
    std::uint64_t part;
    std::memcpy(&part, p, 8);
    part ^= twice;
    std::memcpy(p, &part, 8);
  }
  for (std::size_t i = 0; i < n; ++i)
    p[i] = static_cast<char>(p[i] ^ static_cast<char>(mask >> (8 * (i & 3))));
}

} // namespace

void finish_frame(char* frame, opcode op, std::uint32_t mask, std::size_t size) {
  const auto put = [&frame](std::size_t byte) { *frame++ = static_cast<char>(byte & 255); };
  put(0x80u | static_cast<std::size_t>(op));
  if (size < 126) {
    put(0x80u | size);
  } else if (size < 65536) {
    put(0x80u | 126);
    put(size >> 8);
    put(size);
  } else {
    put(0x80u | 127);
    for (int shift = 56; shift >= 0; shift -= 8)
      put(size >> shift);
  }
  std::memcpy(frame, &mask, 4);
  xor_mask(frame + 4, size, mask);
}

std::optional<frame> take_frame(std::string_view& in) {
  const auto byte = [&in](std::size_t i) { return static_cast<std::uint8_t>(in[i]); };
  if (in.size() < 2)
    return {};
  if (byte(1) & 0x80)
    throw std::runtime_error("the server masks its frames");
  std::size_t size = byte(1) & 127;
  const std::size_t more = size == 127 ? 8 : size == 126 ? 2 : 0;
  const auto header = 2 + more;
  if (in.size() < header)
    return {};
  if (more > 0)
    size = 0;
  for (std::size_t i = 2; i < header; ++i)
    size = size << 8 | byte(i);
  if (in.size() - header < size)
    return {};
  const frame taken{static_cast<opcode>(byte(0) & 15), (byte(0) & 0x80) != 0,
                    in.substr(header, size)};
  in.remove_prefix(header + size);
  return taken;
}

} // namespace muster::bench
