#pragma once

#include "actors/interfaces.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_set>
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

/// All connections. A snapshot shares the chunks; a change after it copies the one that it touches.
class roll {
public:
  roll() = default;
  roll(const roll&) = delete;
  roll& operator=(const roll&) = delete;

  /// Adds the entry, or puts it in the place of the one with its id. True when it is new.
  bool put(roll_entry entry);
  /// Replaces a row; false when nobody has its id.
  bool update(row_ptr row);
  bool erase(std::string_view id);
  /// Takes the connection's entry off.
  bool erase(caf::actor_id connection);

  /// Null when it is not on the roll. Good until the next change.
  const roll_entry* find(std::string_view id) const;

  std::size_t size() const { return by_id_.size(); }
  std::uint64_t revision() const { return revision_; }
  /// The same one until something changes.
  const std::shared_ptr<const roll_snapshot>& snapshot();

private:
  // Indexes hold slots and find the keys in the entries: no key is kept twice.
  struct id_key {
    using is_transparent = void;
    const roll* owner;
    std::string_view operator[](std::uint32_t slot) const;
    std::string_view operator[](std::string_view id) const { return id; }
    std::size_t operator()(auto key) const { return std::hash<std::string_view>{}((*this)[key]); }
    bool operator()(auto a, auto b) const { return (*this)[a] == (*this)[b]; }
  };
  struct actor_key {
    using is_transparent = void;
    const roll* owner;
    caf::actor_id operator[](std::uint32_t slot) const;
    caf::actor_id operator[](caf::actor_id id) const { return id; }
    std::size_t operator()(auto key) const { return std::hash<caf::actor_id>{}((*this)[key]); }
    bool operator()(auto a, auto b) const { return (*this)[a] == (*this)[b]; }
  };

  const roll_snapshot::place& place_at(std::uint32_t slot) const;
  roll_snapshot::place& change(std::uint32_t slot);
  std::uint32_t take_slot();
  void release(std::uint32_t slot);

  std::vector<std::shared_ptr<roll_snapshot::chunk>> chunks_;
  std::vector<std::uint32_t> free_;
  std::unordered_set<std::uint32_t, id_key, id_key> by_id_{0, id_key{this}, id_key{this}};
  std::unordered_set<std::uint32_t, actor_key, actor_key> by_actor_{0, actor_key{this},
                                                                    actor_key{this}};
  std::shared_ptr<const roll_snapshot> snapshot_;
  std::uint64_t revision_ = 0;
  std::uint64_t epoch_ = 0;
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
