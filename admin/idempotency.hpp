#pragma once

#include "messages/message.hpp"
#include "messages/time.hpp"
#include "net/http.hpp"

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <list>
#include <memory>
#include <string>
#include <unordered_map>

namespace muster {

using response_ptr = std::shared_ptr<const http_response>;

/// Somebody wants to do what `key` stands for.
struct claim_key {
  static constexpr auto type = "claim_key";
  /// Who, what, and the key that was sent.
  std::string key;
  /// Of all that the answer depends on.
  std::string digest;
};

enum class claim : std::uint8_t {
  /// Do it, and settle the key.
  fresh,
  /// It was done; here is the answer.
  repeated,
  /// The key stands for another request.
  other_request,
  /// The first one is not through yet.
  in_progress,
  /// Too many are not through yet.
  full
};

struct key_claimed {
  static constexpr auto type = "key_claimed";
  claim outcome = claim::fresh;
  response_ptr answer;
};

/// The answer to a key that was claimed; null: nothing was done, forget the key.
struct settle_key {
  static constexpr auto type = "settle_key";
  std::string key;
  response_ptr answer;
};

/// Answers given to unsafe requests, for those who ask again; bounded in number, bytes and time.
class idempotency_keys {
public:
  static constexpr std::size_t max_keys = 10'000;
  static constexpr std::size_t max_bytes = 64U << 20U;
  static constexpr auto lifetime = std::chrono::hours{24};

  key_claimed claim_now(const claim_key& request, deadline now);
  void settle(const settle_key& result);
  std::size_t size() const { return index_.size(); }

private:
  struct entry {
    std::string key;
    std::string digest;
    deadline made;
    response_ptr answer;
  };
  using entries = std::list<entry>;
  void forget(entries::iterator which);
  void forget_old(deadline now);
  bool make_room();

  entries order_;
  std::unordered_map<std::string, entries::iterator> index_;
  std::size_t bytes_ = 0;
};

using idempotency_actor =
    caf::typed_actor<caf::replies_to<claim_key>::with<key_claimed>, caf::reacts_to<settle_key>>;

/// The keys of one endpoint, for all its loops.
class idempotency {
public:
  using handle = idempotency_actor;
  explicit idempotency(handle::pointer self) : self_{self} {}
  handle::behavior_type start();

  std::string name = "idempotency";

private:
  handle::pointer self_;
  idempotency_keys keys_;
};

} // namespace muster
