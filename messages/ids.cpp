#include "messages/ids.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <span>
#include <stdexcept>

namespace muster {

namespace {

constexpr std::size_t id_bytes = 12;
constexpr auto hex = "0123456789abcdef";

/// Random bytes taken from the system in blocks: a system call an id would cost more than the rest.
class random_pool {
public:
  void take(std::span<unsigned char> out) {
    if (next_ + out.size() > bytes_.size())
      refill();
    const auto from = bytes_.begin() + static_cast<std::ptrdiff_t>(next_);
    const auto to = from + static_cast<std::ptrdiff_t>(out.size());
    std::copy(from, to, out.begin());
    // What was given out must not be found here again.
    std::fill(from, to, static_cast<unsigned char>(0));
    next_ += out.size();
  }

private:
  void refill() {
    // Safe on any thread and done once; before it, the generator is not.
    if (sodium_init() < 0)
      throw std::runtime_error{"libsodium cannot be used on this machine"};
    randombytes_buf(bytes_.data(), bytes_.size());
    next_ = 0;
  }

  std::array<unsigned char, 1536> bytes_;
  std::size_t next_ = bytes_.size();
};

void take_random(std::span<unsigned char> out) {
  thread_local random_pool pool;
  pool.take(out);
}

void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (auto i = digits; i-- > 0;)
    out += hex[value >> (4 * i) & 15];
}

/// Microseconds since the epoch, never the same twice and never going back.
std::uint64_t next_tick() {
  static std::atomic<std::uint64_t> last{0};
  const auto now =
      static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(
                                     std::chrono::system_clock::now().time_since_epoch())
                                     .count());
  auto before = last.load(std::memory_order_relaxed);
  auto tick = std::max(now, before + 1);
  while (!last.compare_exchange_weak(before, tick, std::memory_order_relaxed))
    tick = std::max(now, before + 1);
  return tick;
}

} // namespace

void append_random_id(std::string& out) {
  std::array<unsigned char, id_bytes> bytes;
  take_random(bytes);
  std::array<char, 2 * id_bytes> digits;
  for (std::size_t i = 0; i < id_bytes; ++i) {
    digits[2 * i] = hex[bytes[i] >> 4];
    digits[2 * i + 1] = hex[bytes[i] & 15];
  }
  out.append(digits.data(), digits.size());
}

std::string random_id() {
  std::string out;
  append_random_id(out);
  return out;
}

std::string timed_id(std::string_view prefix) {
  std::array<unsigned char, 6> bytes;
  take_random(bytes);
  std::uint64_t random = 0;
  for (const auto byte : bytes)
    random = random << 8 | byte;
  std::string out{prefix};
  // 13 digits of microseconds last until the year 2112.
  append_hex(out, next_tick(), 13);
  append_hex(out, random, 11);
  return out;
}

} // namespace muster
