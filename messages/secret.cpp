#include "messages/secret.hpp"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <new>
#include <stdexcept>

namespace muster {

namespace {

constexpr unsigned long long passes = 2;
constexpr std::size_t memory = 19 * 1024 * 1024;

void prepare() {
  static const auto state = sodium_init();
  if (state < 0)
    throw std::runtime_error{"libsodium cannot be used on this machine"};
}

} // namespace

std::string hash_password(std::string_view password) {
  prepare();
  std::array<char, crypto_pwhash_STRBYTES> out{};
  if (crypto_pwhash_str(out.data(), password.data(), password.size(), passes, memory) != 0)
    throw std::bad_alloc{};
  return out.data();
}

bool verify_password(const std::string& hash, std::string_view password) {
  prepare();
  // libsodium reads a fixed array.
  if (hash.size() >= crypto_pwhash_STRBYTES)
    return false;
  std::array<char, crypto_pwhash_STRBYTES> text{};
  hash.copy(text.data(), hash.size());
  return crypto_pwhash_str_verify(text.data(), password.data(), password.size()) == 0;
}

std::string sha256_hex(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest;
  crypto_hash_sha256(digest.data(), reinterpret_cast<const unsigned char*>(text.data()),
                     text.size());
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex;
  sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
  return hex.data();
}

std::string keyed_digest(std::string_view key, std::string_view first, std::string_view second) {
  prepare();
  crypto_generichash_state state;
  const auto add = [&state](const void* bytes, std::size_t size) {
    crypto_generichash_update(&state, static_cast<const unsigned char*>(bytes), size);
  };
  std::string digest(32, '\0');
  crypto_generichash_init(&state, reinterpret_cast<const unsigned char*>(key.data()), key.size(),
                          digest.size());
  const std::uint64_t border = first.size();
  add(&border, sizeof border);
  add(first.data(), first.size());
  add(second.data(), second.size());
  crypto_generichash_final(&state, reinterpret_cast<unsigned char*>(digest.data()), digest.size());
  return digest;
}

std::string random_token() {
  prepare();
  std::array<unsigned char, 32> bytes;
  randombytes_buf(bytes.data(), bytes.size());
  constexpr auto variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::array<char, sodium_base64_ENCODED_LEN(32, variant)> text;
  sodium_bin2base64(text.data(), text.size(), bytes.data(), bytes.size(), variant);
  return text.data();
}

bool equal_in_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace muster
