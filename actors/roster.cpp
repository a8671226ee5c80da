#include "actors/roster.hpp"

#include <algorithm>
#include <functional>

namespace muster {

member* roster::find(std::string_view sub_key) {
  const auto found = members_.find(sub_key);
  return found == members_.end() ? nullptr : &found->second;
}

member* roster::find(const connection_actor& who, std::uint32_t cookie) {
  for (auto& [key, each] : members_)
    if (each.is(who, cookie))
      return &each;
  return nullptr;
}

member* roster::find_lasting(const std::string& channel, const std::string& client_id) {
  const auto found = by_client_.find({channel, client_id});
  return found == by_client_.end() ? nullptr : found->second;
}

member& roster::add(member what) {
  const std::string_view key = what.about->sub_key;
  auto& kept = members_.emplace(key, std::move(what)).first->second;
  if (kept.about->durable)
    by_client_.emplace(std::pair{kept.about->channel, kept.about->client_id}, &kept);
  if (kept.attached()) {
    ++attached_;
    stale_ = true;
  }
  return kept;
}

void roster::erase(const member& which) {
  if (which.attached()) {
    --attached_;
    stale_ = true;
  }
  if (const auto known = by_client_.find({which.about->channel, which.about->client_id});
      known != by_client_.end() && known->second == &which)
    by_client_.erase(known);
  // The key is the member's own, and must last until it is out.
  const auto alive = which.about;
  members_.erase(alive->sub_key);
}

void roster::attach(member& which, const join_topic& by) {
  if (!which.attached())
    ++attached_;
  which.connection = by.connection;
  which.pushes = by.pushes;
  which.loop = by.loop;
  which.cookie = by.cookie;
  which.from = by.from;
  which.detached_at = {};
  stale_ = true;
}

void roster::detach(member& which, timestamp now) {
  if (which.attached())
    --attached_;
  which.connection = nullptr;
  which.loop = nullptr;
  which.from = nullptr;
  which.detached_at = now;
  stale_ = true;
}

const roster::slices& roster::recipients() {
  if (!std::exchange(stale_, false))
    return slices_;
  std::map<home*, std::shared_ptr<slice>> fresh;
  for (const auto& [key, each] : members_) {
    if (!each.attached())
      continue;
    auto& where = fresh[each.loop];
    if (!where)
      where = std::make_shared<slice>();
    where->push_back({each.connection, each.pushes, each.cookie});
  }
  // In the order in which they lie in memory.
  for (auto& [where, those] : fresh)
    std::sort(those->begin(), those->end(), [](const recipient& a, const recipient& b) {
      return std::less<>{}(a.pushes, b.pushes);
    });
  slices_.assign(fresh.begin(), fresh.end());
  return slices_;
}

} // namespace muster
