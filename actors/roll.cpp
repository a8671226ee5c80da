#include "actors/roll.hpp"

#include <caf/abstract_actor.hpp>

namespace muster {

const roll_entry* roll_snapshot::find(roll_ticket ticket) const {
  if (ticket.slot / chunk_size >= chunks_.size())
    return nullptr;
  const auto& [entry, generation] = place_at(ticket.slot);
  return entry.row && generation == ticket.generation ? &entry : nullptr;
}

std::string_view roll::id_key::operator[](std::uint32_t slot) const {
  return owner->place_at(slot).entry.row->from->id;
}

caf::actor_id roll::actor_key::operator[](std::uint32_t slot) const {
  return owner->place_at(slot).entry.connection->id();
}

bool roll::put(roll_entry entry) {
  const auto known = by_id_.find(std::string_view{entry.row->from->id});
  const bool is_new = known == by_id_.end();
  if (!is_new && place_at(*known).entry.connection == entry.connection) {
    change(*known).entry.row = std::move(entry.row);
    return false;
  }
  if (!is_new)
    release(*known);
  const auto slot = take_slot();
  const bool has_actor = static_cast<bool>(entry.connection);
  change(slot).entry = std::move(entry);
  by_id_.insert(slot);
  if (has_actor)
    by_actor_.insert(slot);
  return is_new;
}

bool roll::update(row_ptr row) {
  const auto known = by_id_.find(std::string_view{row->from->id});
  if (known == by_id_.end())
    return false;
  change(*known).entry.row = std::move(row);
  return true;
}

bool roll::erase(std::string_view id) {
  const auto known = by_id_.find(id);
  if (known == by_id_.end())
    return false;
  release(*known);
  return true;
}

bool roll::erase(caf::actor_id connection) {
  const auto known = by_actor_.find(connection);
  if (known == by_actor_.end())
    return false;
  release(*known);
  return true;
}

const roll_entry* roll::find(std::string_view id) const {
  const auto known = by_id_.find(id);
  return known == by_id_.end() ? nullptr : &place_at(*known).entry;
}

const std::shared_ptr<const roll_snapshot>& roll::snapshot() {
  if (!snapshot_) {
    snapshot_ = std::make_shared<const roll_snapshot>(
        roll_snapshot::chunks{chunks_.begin(), chunks_.end()}, size(), revision_);
    ++epoch_;
  }
  return snapshot_;
}

const roll_snapshot::place& roll::place_at(std::uint32_t slot) const {
  return chunks_[slot / roll_snapshot::chunk_size]->places[slot % roll_snapshot::chunk_size];
}

roll_snapshot::place& roll::change(std::uint32_t slot) {
  auto& chunk = chunks_[slot / roll_snapshot::chunk_size];
  if (chunk->epoch < epoch_) {
    // A snapshot may still read it.
    chunk = std::make_shared<roll_snapshot::chunk>(*chunk);
    chunk->epoch = epoch_;
  }
  snapshot_.reset();
  ++revision_;
  return chunk->places[slot % roll_snapshot::chunk_size];
}

std::uint32_t roll::take_slot() {
  if (free_.empty()) {
    const auto first = static_cast<std::uint32_t>(chunks_.size() * roll_snapshot::chunk_size);
    chunks_.push_back(std::make_shared<roll_snapshot::chunk>());
    chunks_.back()->epoch = epoch_;
    for (auto slot = first + roll_snapshot::chunk_size; slot-- > first;)
      free_.push_back(static_cast<std::uint32_t>(slot));
  }
  const auto slot = free_.back();
  free_.pop_back();
  return slot;
}

void roll::release(std::uint32_t slot) {
  by_id_.erase(slot);
  if (place_at(slot).entry.connection)
    by_actor_.erase(slot);
  auto& place = change(slot);
  place.entry = {};
  ++place.generation;
  free_.push_back(slot);
}

} // namespace muster
