#pragma once

#include "actors/interfaces.hpp"
#include "actors/roll_snapshot.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace muster {

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

} // namespace muster
