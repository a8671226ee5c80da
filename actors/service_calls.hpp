#pragma once

#include "actors/counted_call.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace muster {

/// A client's requests to services that are not answered yet.
class service_calls {
public:
  struct call {
    /// The client's message id.
    std::string in_reply_to;
    /// Ours, also `meta.id` of the answer.
    std::string cid;
    deadline until{};
    /// Of services that have left the rest to us.
    open_calls counts;
  };

  std::size_t size() const { return calls_.size(); }
  bool empty() const { return calls_.empty(); }

  std::uint64_t add(call what) {
    // All calls of a connection wait equally long, so the first one is due first.
    calls_.emplace(++last_, std::move(what));
    return last_;
  }

  /// Takes the call out; nothing when its time was over.
  std::optional<call> take(std::uint64_t key) {
    auto node = calls_.extract(key);
    return node ? std::optional{std::move(node.mapped())} : std::nullopt;
  }

  std::optional<deadline> due() const {
    return calls_.empty() ? std::nullopt : std::optional{calls_.begin()->second.until};
  }

  /// Takes out the calls whose time is over.
  std::vector<call> expire(deadline now) {
    std::vector<call> expired;
    while (!calls_.empty() && calls_.begin()->second.until <= now) {
      expired.push_back(std::move(calls_.begin()->second));
      calls_.erase(calls_.begin());
    }
    return expired;
  }

  void clear() { calls_.clear(); }

private:
  std::map<std::uint64_t, call> calls_;
  std::uint64_t last_ = 0;
};

} // namespace muster
