#pragma once

#include "actors/checked_secrets.hpp"
#include "actors/interfaces.hpp"

#include <caf/execution_unit.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace muster {

/// Computes argon2 for the hasher, on the workers.
class hash_worker {
public:
  using handle = hasher_actor;
  explicit hash_worker(handle::pointer) {}
  handle::behavior_type start();

  std::string name = "hash_worker";
};

/// Hands hashing and checking to workers, never more than a bounded number at a time; answers at
/// once what it has checked lately. Never computes itself.
class hasher {
public:
  using handle = hasher_actor;
  explicit hasher(handle::pointer self) : self_{self} {}
  /// `workers` outlives the actor.
  handle::behavior_type start(caf::execution_unit* workers, std::size_t hands = 2);

  /// More at once are refused.
  static constexpr std::size_t max_waiting = 64;

  std::string name = "hasher";

private:
  struct hand {
    hasher_actor worker;
    std::size_t load = 0;
  };

  caf::result<secret_checked> check(const check_secret& request);
  template <class Reply, class Request, class Seen>
  caf::result<Reply> pass_on(const Request& request, Seen seen);
  std::size_t least_loaded() const;
  void hire(hand& place);
  void replace(const caf::actor_addr& gone);

  handle::pointer self_;
  caf::execution_unit* workers_ = nullptr;
  std::vector<hand> hands_;
  std::size_t waiting_ = 0;
  checked_secrets checked_;
};

} // namespace muster
