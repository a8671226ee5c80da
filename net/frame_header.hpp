#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace muster {

/// The header of a client's WebSocket frame (RFC 6455 section 5.2), gathered as it comes.
class frame_header {
public:
  static constexpr std::uint8_t continuation = 0;
  static constexpr std::uint8_t text = 1;
  static constexpr std::uint8_t binary = 2;
  static constexpr std::uint8_t close = 8;
  static constexpr std::uint8_t ping = 9;
  static constexpr std::uint8_t pong = 10;

  /// Takes what is missing off the front of `bytes`; true when nothing is.
  template <class Byte>
  bool read(std::span<Byte>& bytes) {
    for (auto missing = size() - known_; missing != 0; missing = size() - known_) {
      const auto some = missing < bytes.size() ? missing : bytes.size();
      if (some == 0)
        return false;
      std::memcpy(octets_.data() + known_, bytes.data(), some);
      known_ = static_cast<std::uint8_t>(known_ + some);
      bytes = bytes.subspan(some);
    }
    return true;
  }
  /// For the next one.
  void clear() { known_ = 0; }

  std::uint8_t opcode() const { return octets_[0] & 0x0f; }
  bool is_control() const { return (octets_[0] & 0x08) != 0; }
  bool is_final() const { return (octets_[0] & 0x80) != 0; }
  bool has_reserved_bits() const { return (octets_[0] & 0x70) != 0; }
  bool is_masked() const { return (octets_[1] & 0x80) != 0; }

  std::uint64_t length() const {
    if (short_length() < 126)
      return short_length();
    std::uint64_t length = 0;
    for (std::size_t i = 2; i < 2 + length_octets(); ++i)
      length = length << 8 | octets_[i];
    return length;
  }
  /// It could not have been written shorter, and is no negative number.
  bool length_is_minimal() const {
    return short_length() < 126
           || (length() >= (short_length() == 126 ? 126U : 65536U) && length() >> 63 == 0);
  }
  std::array<char, 4> mask() const {
    std::array<char, 4> mask{};
    if (is_masked())
      std::memcpy(mask.data(), octets_.data() + 2 + length_octets(), mask.size());
    return mask;
  }

private:
  std::uint8_t short_length() const { return octets_[1] & 0x7f; }
  std::size_t length_octets() const {
    return short_length() == 126 ? 2 : short_length() == 127 ? 8 : 0;
  }
  std::size_t size() const { return known_ < 2 ? 2 : 2 + length_octets() + (is_masked() ? 4 : 0); }

  std::array<std::uint8_t, 14> octets_{};
  std::uint8_t known_ = 0;
};

} // namespace muster
