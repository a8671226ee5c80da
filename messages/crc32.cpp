#include "messages/crc32.hpp"

#include <array>
#include <cstddef>

namespace muster {

namespace {

constexpr std::uint32_t polynomial = 0xEDB88320;

using table = std::array<std::uint32_t, 256>;

/// `tables[n][byte]`: what a byte does to the remainder when n more bytes follow it.
constexpr std::array<table, 8> make_tables() {
  std::array<table, 8> made{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    auto rest = byte;
    for (int bit = 0; bit < 8; ++bit)
      rest = rest >> 1 ^ ((rest & 1) != 0 ? polynomial : 0);
    made[0][byte] = rest;
  }
  for (std::size_t n = 1; n < made.size(); ++n)
    for (std::size_t byte = 0; byte < 256; ++byte)
      made[n][byte] = made[n - 1][byte] >> 8 ^ made[0][made[n - 1][byte] & 0xFF];
  return made;
}

constexpr auto tables = make_tables();

std::uint32_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::uint32_t four_at(std::string_view bytes, std::size_t at) {
  return byte_at(bytes, at) | byte_at(bytes, at + 1) << 8 | byte_at(bytes, at + 2) << 16
         | byte_at(bytes, at + 3) << 24;
}

} // namespace

std::uint32_t crc32(std::string_view bytes) {
  std::uint32_t rest = 0xFFFFFFFF;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    const auto low = rest ^ four_at(bytes, at);
    const auto high = four_at(bytes, at + 4);
    rest = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF]
           ^ tables[4][low >> 24] ^ tables[3][high & 0xFF] ^ tables[2][high >> 8 & 0xFF]
           ^ tables[1][high >> 16 & 0xFF] ^ tables[0][high >> 24];
  }
  for (; at < bytes.size(); ++at)
    rest = rest >> 8 ^ tables[0][(rest ^ byte_at(bytes, at)) & 0xFF];
  return ~rest;
}

} // namespace muster
