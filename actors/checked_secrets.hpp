#pragma once

#include "messages/time.hpp"

#include <cstddef>
#include <queue>
#include <string>
#include <unordered_map>

namespace muster {

/// Remembers for a while which secrets were right for which hash, so that many who reconnect at
/// once do not pay for argon2 again. Keeps neither the secret nor the hash, only a digest of both
/// under a key of this process. Wrong secrets are never remembered.
class checked_secrets {
public:
  static constexpr std::size_t max_entries = 10000;
  static constexpr duration lifetime = std::chrono::minutes{10};

  checked_secrets();

  /// Whether the secret was found right for this very hash within the last minutes.
  bool knows(const std::string& hash, const std::string& secret, deadline now);
  void remember(const std::string& hash, const std::string& secret, deadline now);
  std::size_t size() const { return entries_.size(); }

private:
  void drop_oldest();
  void drop_expired(deadline now);

  std::string key_;
  std::unordered_map<std::string, deadline> entries_;
  /// All live equally long: the order of their coming is that of their going.
  std::queue<std::string> by_age_;
};

} // namespace muster
