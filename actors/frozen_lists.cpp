#include "actors/frozen_lists.hpp"

#include <algorithm>

namespace muster {

std::uint64_t frozen_lists::keep(std::vector<roll_ticket> rows, std::uint64_t total, deadline now) {
  expire(now);
  const auto more = rows.size();
  while (!lists_.empty() && (lists_.size() >= max_lists || rows_ + more > max_rows)) {
    rows_ -= lists_.front().rows.size();
    lists_.pop_front();
  }
  rows_ += more;
  lists_.push_back({ids_(), now + lifetime, total, std::move(rows)});
  return lists_.back().id;
}

const frozen_lists::frozen* frozen_lists::find(std::uint64_t id, deadline now) {
  expire(now);
  const auto found =
      std::find_if(lists_.begin(), lists_.end(), [&](const frozen& each) { return each.id == id; });
  return found == lists_.end() ? nullptr : &*found;
}

void frozen_lists::expire(deadline now) {
  while (!lists_.empty() && lists_.front().until <= now) {
    rows_ -= lists_.front().rows.size();
    lists_.pop_front();
  }
}

} // namespace muster
