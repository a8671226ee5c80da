#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace muster::bench {

enum class opcode : std::uint8_t { cont = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };

/// The bytes before the payload of a client's frame.
constexpr std::size_t header_size(std::size_t payload) {
  return payload < 126 ? 6 : payload < 65536 ? 8 : 14;
}

/// Writes the header before a payload of `size` bytes, and masks the payload in place.
void finish_frame(char* frame, opcode op, std::uint32_t mask, std::size_t size);

/// Appends a frame whose payload `fill` writes straight into `out`.
template <class Fill>
void append_frame(std::string& out, opcode op, std::uint32_t mask, std::size_t size_hint,
                  Fill&& fill) {
  const auto start = out.size();
  const auto header = header_size(size_hint);
  out.resize(start + header);
  fill(out);
  const auto size = out.size() - start - header;
  const auto want = header_size(size);
  if (want > header)
    out.insert(start, want - header, '\0');
  else if (want < header)
    out.erase(start, header - want);
  finish_frame(out.data() + start, op, mask, size);
}

struct frame {
  opcode op;
  bool fin;
  std::string_view payload;
};

/// Takes one frame off the front of `in`; nothing if it is not there whole. Throws when the
/// server masks.
std::optional<frame> take_frame(std::string_view& in);

} // namespace muster::bench
