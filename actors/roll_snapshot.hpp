#pragma once

#include "actors/interfaces.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace muster {

/// Where an entry stands on the roll, as long as it is on it: a slot, and its how-manieth user.
struct roll_ticket {
  std::uint32_t slot = 0;
  std::uint32_t generation = 0;
};

/// The roll as it was at one moment. Immutable; any thread.
class roll_snapshot {
public:
  static constexpr std::size_t chunk_size = 128;

  struct place {
    roll_entry entry;
    std::uint32_t generation = 0;
  };
  struct chunk {
    std::array<place, chunk_size> places;
    /// Which snapshot was the last before it was made.
    std::uint64_t epoch = 0;
  };
  using chunks = std::vector<std::shared_ptr<const chunk>>;

  roll_snapshot() = default;
  roll_snapshot(chunks all, std::size_t size, std::uint64_t revision)
      : chunks_{std::move(all)}, size_{size}, revision_{revision} {}

  std::size_t size() const { return size_; }
  /// Grows with every change of the roll.
  std::uint64_t revision() const { return revision_; }

  /// Calls `visit(const roll_entry&, roll_ticket)` for every entry, in no order that means
  /// something.
  template <class Visit>
  void for_each(Visit visit) const;

  const roll_entry& at(std::uint32_t slot) const { return place_at(slot).entry; }
  /// Null when the one who had the ticket has gone.
  const roll_entry* find(roll_ticket ticket) const;

private:
  const place& place_at(std::uint32_t slot) const {
    return chunks_[slot / chunk_size]->places[slot % chunk_size];
  }

  chunks chunks_;
  std::size_t size_ = 0;
  std::uint64_t revision_ = 0;
};

template <class Visit>
void roll_snapshot::for_each(Visit visit) const {
  std::uint32_t slot = 0;
  for (const auto& each : chunks_)
    for (const auto& [entry, generation] : each->places) {
      if (entry.row)
        visit(entry, roll_ticket{slot, generation});
      ++slot;
    }
}

} // namespace muster
