#pragma once

#include "actors/interfaces.hpp"

#include <memory>
#include <string>

namespace muster::test {

/// What a fake hasher does, and has done.
struct hashing {
  int hashed = 0;
  int checked = 0;
  bool refuse = false;
};

/// Hashes without the work: the hash of "x" is "hash of x".
class fake_hasher {
public:
  using handle = hasher_actor;
  explicit fake_hasher(handle::pointer) {}

  handle::behavior_type start(std::shared_ptr<hashing> state) {
    return {
        [state](const hash_secret& request) -> caf::result<secret_hash> {
          if (state->refuse)
            return make_error(errc::too_many_requests, "too many passwords wait");
          ++state->hashed;
          return secret_hash{"hash of " + request.secret};
        },
        [state](const check_secret& request) -> caf::result<secret_checked> {
          if (state->refuse)
            return make_error(errc::too_many_requests, "too many passwords wait");
          ++state->checked;
          return secret_checked{request.hash == "hash of " + request.secret};
        },
    };
  }
};

} // namespace muster::test
