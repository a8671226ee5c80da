#pragma once

#include "actors/wire.hpp"
#include "messages/channel.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <string>

namespace muster {

/// Frames that a connection's wire had no room for, bounded in bytes. What may be dropped and how
/// is the channel's policy; answers to requests are never dropped.
class send_queue {
public:
  struct entry {
    shared_frame frame;
    /// A delivery or a broadcast, which the policy may drop.
    bool droppable = false;
    /// Of entries with the same key only the newest is kept by `conflate`.
    std::string key;
  };

  enum class outcome : std::uint8_t {
    queued,
    /// Queued or not, the policy dropped something; `dropped` counts.
    dropped,
    /// Over the bound, and the policy is to close.
    overflow
  };

  void configure(std::size_t max_bytes, slow_consumer policy) {
    max_bytes_ = max_bytes;
    policy_ = policy;
  }

  /// `in_wire` is what the wire holds already: both together are bounded.
  outcome push(entry what, std::size_t in_wire);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  std::size_t bytes() const { return bytes_; }
  std::uint64_t dropped() const { return dropped_; }

  const entry& front() const { return entries_.front(); }
  void pop();
  void clear();

private:
  bool fits(std::size_t more, std::size_t in_wire) const {
    return bytes_ + in_wire + more <= max_bytes_;
  }
  bool replace_same_key(const entry& what, std::size_t in_wire);
  bool make_room(std::size_t more, std::size_t in_wire);

  std::list<entry> entries_;
  std::size_t bytes_ = 0;
  std::size_t max_bytes_ = 1048576;
  std::uint64_t dropped_ = 0;
  slow_consumer policy_ = slow_consumer::close;
};

} // namespace muster
