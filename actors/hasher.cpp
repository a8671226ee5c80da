#include "actors/hasher.hpp"

#include "actors/spawn.hpp"
#include "messages/secret.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <algorithm>
#include <new>

namespace muster {

hash_worker::handle::behavior_type hash_worker::start() {
  return {
      [](const hash_secret& request) -> caf::result<secret_hash> {
        try {
          return secret_hash{hash_password(request.secret)};
        } catch (const std::bad_alloc&) {
          return make_error(errc::unavailable, "there is not enough memory to hash a password");
        }
      },
      [](const check_secret& request) {
        return secret_checked{verify_password(request.hash, request.secret)};
      },
  };
}

hasher::handle::behavior_type hasher::start(caf::execution_unit* workers, std::size_t hands) {
  workers_ = workers;
  hands_.resize(std::max<std::size_t>(hands, 1));
  for (auto& place : hands_)
    hire(place);
  self_->set_down_handler([this](const caf::down_msg& down) { replace(down.source); });
  return {
      [this](const hash_secret& request) {
        return pass_on<secret_hash>(request, [](const secret_hash&) {});
      },
      [this](const check_secret& request) { return check(request); },
  };
}

caf::result<secret_checked> hasher::check(const check_secret& request) {
  if (checked_.knows(request.hash, request.secret, self_->clock().now()))
    return secret_checked{true};
  return pass_on<secret_checked>(request, [this, request](const secret_checked& reply) {
    if (reply.right)
      checked_.remember(request.hash, request.secret, self_->clock().now());
  });
}

template <class Reply, class Request, class Seen>
caf::result<Reply> hasher::pass_on(const Request& request, Seen seen) {
  if (waiting_ >= max_waiting)
    return make_error(errc::too_many_requests, "too many passwords wait to be checked, try again");
  const auto place = least_loaded();
  ++waiting_;
  ++hands_[place].load;
  const auto settled = [this, place] {
    --waiting_;
    --hands_[place].load;
  };
  auto answer = self_->make_response_promise<Reply>();
  // A worker that fails answers with an error, and so does one that is gone.
  self_->request(hands_[place].worker, caf::infinite, request)
      .then(
          [answer, settled, seen](Reply& reply) mutable {
            settled();
            seen(reply);
            answer.deliver(std::move(reply));
          },
          [answer, settled](const caf::error& failure) mutable {
            settled();
            answer.deliver(failure.category() == caf::atom("muster")
                               ? failure
                               : make_error(errc::unavailable, "hashing failed, try again"));
          });
  return answer;
}

std::size_t hasher::least_loaded() const {
  const auto by_load = [](const hand& a, const hand& b) { return a.load < b.load; };
  return static_cast<std::size_t>(std::min_element(hands_.begin(), hands_.end(), by_load)
                                  - hands_.begin());
}

void hasher::hire(hand& place) {
  place.worker = spawn_on<hash_worker>(self_->system(), *workers_);
  self_->monitor(place.worker);
}

void hasher::replace(const caf::actor_addr& gone) {
  for (auto& place : hands_)
    if (place.worker.address() == gone)
      hire(place);
}

} // namespace muster
