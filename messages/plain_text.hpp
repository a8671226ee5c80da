#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace muster {

/// The length of the UTF-8 sequence at `at`, 0 when there is no valid one.
inline std::size_t utf8_length(const char* at, const char* end) {
  const auto byte = [at](std::size_t i) { return static_cast<unsigned char>(at[i]); };
  const auto within = [&](std::size_t i, unsigned low, unsigned high) {
    return byte(i) >= low && byte(i) <= high;
  };
  const auto left = static_cast<std::size_t>(end - at);
  if (left == 0)
    return 0;
  const auto lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2 || lead > 0xF4)
    return 0;
  if (lead < 0xE0)
    return left >= 2 && within(1, 0x80, 0xBF) ? 2 : 0;
  // The second byte shuts out what is longer than it need be, surrogates, and beyond U+10FFFF.
  if (lead < 0xF0) {
    const auto low = lead == 0xE0 ? 0xA0U : 0x80U;
    const auto high = lead == 0xED ? 0x9FU : 0xBFU;
    return left >= 3 && within(1, low, high) && within(2, 0x80, 0xBF) ? 3 : 0;
  }
  const auto low = lead == 0xF0 ? 0x90U : 0x80U;
  const auto high = lead == 0xF4 ? 0x8FU : 0xBFU;
  return left >= 4 && within(1, low, high) && within(2, 0x80, 0xBF) && within(3, 0x80, 0xBF) ? 4
                                                                                             : 0;
}

/// What ends a run of plain bytes within a JSON string.
enum class plain_until : std::uint8_t {
  /// A quote, a backslash, a control character or a byte that is not ASCII.
  odd,
  /// A quote or a backslash: in a text that has been checked, nothing else needs a look.
  mark
};

/// The first byte from `at` that ends the run.
template <plain_until Until = plain_until::odd>
const char* skip_plain(const char* at, const char* end) {
  constexpr bool checks = Until == plain_until::odd;
#if defined(__SSE2__)
  while (end - at >= 16) {
    const auto bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    auto hits = _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')),
                             _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    // The bytes are signed here: those beyond ASCII are less than the control characters.
    if constexpr (checks)
      hits = _mm_or_si128(hits, _mm_cmplt_epi8(bytes, _mm_set1_epi8(0x20)));
    if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits)); mask != 0)
      return at + std::countr_zero(mask);
    at += 16;
  }
#endif
  constexpr std::uint64_t ones = 0x0101010101010101;
  constexpr std::uint64_t highs = 0x8080808080808080;
  const auto zeros = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes; };
  // Eight bytes at a time; a hit may also mark bytes behind it, never one before it.
  while (end - at >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof word);
    auto hits = zeros(word ^ ones * '"') | zeros(word ^ ones * '\\');
    if constexpr (checks)
      hits |= word | (word - ones * 0x20);
    if ((hits & highs) != 0)
      break;
    at += 8;
  }
  for (; at != end; ++at) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte == '"' || byte == '\\' || (checks && (byte < 0x20 || byte >= 0x80)))
      break;
  }
  return at;
}

} // namespace muster
