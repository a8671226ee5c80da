#pragma once

#include <string>
#include <string_view>

namespace muster {

/// argon2id with 19 MiB, two passes, one lane. Takes tens of milliseconds: never on an event loop.
std::string hash_password(std::string_view password);
bool verify_password(const std::string& hash, std::string_view password);

/// SHA-256 in hex, for secrets that are random themselves.
std::string sha256_hex(std::string_view text);

/// 32 bytes of BLAKE2b under a key of 16 to 64 bytes; which part a byte stands in counts too.
std::string keyed_digest(std::string_view key, std::string_view first, std::string_view second);

/// 32 random bytes in URL-safe base64.
std::string random_token();

/// Compares without telling by its time where the two differ.
bool equal_in_constant_time(std::string_view a, std::string_view b);

} // namespace muster
