#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace muster {

/// Takes a chunked body apart (RFC 9112 section 7.1), strictly. Extensions and trailers are read
/// over and bounded.
class chunked_reader {
public:
  enum class outcome : std::uint8_t { need_more, done, bad, too_large };

  /// Takes what it can from the beginning of `bytes` and appends the content to `body`, which gets
  /// no longer than `limit`; `consumed` says how much was taken.
  outcome take(std::string_view bytes, std::string& body, std::size_t limit, std::size_t& consumed);

private:
  enum class part : std::uint8_t { size, data, data_end, trailer, done };

  part part_ = part::size;
  std::size_t left_ = 0;
  /// Bytes of extensions and trailers so far.
  std::size_t overhead_ = 0;
};

/// `bytes` as one chunk; nothing for no bytes, which would be the end.
void append_chunk(std::string& out, std::string_view bytes);
inline constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace muster
