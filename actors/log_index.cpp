#include "actors/log_index.hpp"

#include <algorithm>
#include <iterator>

namespace muster {

void log_index::reset(std::uint64_t last) {
  blocks_.clear();
  last_ = last;
  total_ = {};
  total_of_ = {};
  last_of_ = {};
}

void log_index::skip_to(std::uint64_t last) {
  last_ = std::max(last_, last);
}

void log_index::add(std::uint64_t seq, entry what) {
  const auto size = std::min(what.size, (1U << size_bits) - 1);
  const auto at = seq % block_size;
  auto& where = blocks_.try_emplace(blocks_.end(), seq / block_size)->second;
  where.what[at] = (what.lane + 1U) << size_bits | size;
  where.published_s[at] = what.published_s;
  ++where.count[what.lane];
  where.bytes[what.lane] += size;
  ++where.all;
  total_.count += 1;
  total_.bytes += size;
  total_of_[what.lane].count += 1;
  total_of_[what.lane].bytes += size;
  last_of_[what.lane] = seq;
  last_ = seq;
}

bool log_index::erase(std::uint64_t seq) {
  const auto where = blocks_.find(seq / block_size);
  if (where == blocks_.end() || where->second.what[seq % block_size] == 0)
    return false;
  erase_in(where, seq);
  if (where->second.all == 0)
    blocks_.erase(where);
  return true;
}

void log_index::erase_in(blocks::iterator where, std::uint64_t seq) {
  auto& all = where->second;
  auto& what = all.what[seq % block_size];
  const auto lane = lane_of(what);
  const auto size = size_of(what);
  --all.count[lane];
  all.bytes[lane] -= size;
  --all.all;
  total_.count -= 1;
  total_.bytes -= size;
  total_of_[lane].count -= 1;
  total_of_[lane].bytes -= size;
  what = 0;
}

void log_index::trim(std::uint64_t up_to) {
  while (!blocks_.empty()) {
    const auto first = blocks_.begin();
    const auto begin = first->first * block_size;
    if (begin > up_to)
      return;
    for (std::uint64_t i = 0; i < block_size && begin + i <= up_to; ++i)
      if (first->second.what[i] != 0)
        erase_in(first, begin + i);
    if (first->second.all != 0)
      return;
    blocks_.erase(first);
  }
}

std::optional<log_index::entry> log_index::find(std::uint64_t seq) const {
  const auto where = blocks_.find(seq / block_size);
  const auto what = where == blocks_.end() ? 0 : where->second.what[seq % block_size];
  if (what == 0)
    return std::nullopt;
  return entry{static_cast<std::uint8_t>(lane_of(what)), size_of(what),
               where->second.published_s[seq % block_size]};
}

std::optional<std::uint64_t> log_index::next(std::size_t lane, std::uint64_t after) const {
  if (after >= last_of_[lane])
    return std::nullopt;
  auto seq = after + 1;
  for (auto where = blocks_.lower_bound(seq / block_size); where != blocks_.end(); ++where) {
    const auto begin = where->first * block_size;
    if (where->second.count[lane] == 0)
      continue;
    for (seq = std::max(seq, begin); seq < begin + block_size; ++seq)
      if (const auto what = where->second.what[seq % block_size];
          what != 0 && lane_of(what) == lane)
        return seq;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> log_index::next(std::uint64_t after) const {
  auto seq = after + 1;
  for (auto where = blocks_.lower_bound(seq / block_size); where != blocks_.end(); ++where) {
    const auto begin = where->first * block_size;
    for (seq = std::max(seq, begin); seq < begin + block_size; ++seq)
      if (where->second.what[seq % block_size] != 0)
        return seq;
  }
  return std::nullopt;
}

std::optional<std::uint64_t> log_index::previous(std::uint64_t before) const {
  auto where = blocks_.upper_bound(before / block_size);
  while (where != blocks_.begin()) {
    --where;
    const auto begin = where->first * block_size;
    for (auto seq = std::min(before, begin + block_size); seq > begin; --seq)
      if (where->second.what[(seq - 1) % block_size] != 0)
        return seq - 1;
  }
  return std::nullopt;
}

// Counted from the nearer end: whole blocks by their sums, the one with the mark in it one by one.
log_index::sum log_index::above(std::size_t lane, std::uint64_t after) const {
  if (after >= last_of_[lane] || blocks_.empty())
    return {};
  const auto number = after / block_size;
  const auto mark = blocks_.lower_bound(number);
  sum out;
  const auto add_block = [&](const block& each) {
    out.count += each.count[lane];
    out.bytes += each.bytes[lane];
  };
  const auto add_some = [&](std::uint64_t first, std::uint64_t last) {
    for (auto i = first; i < last; ++i)
      if (const auto what = mark->second.what[i]; what != 0 && lane_of(what) == lane) {
        out.count += 1;
        out.bytes += size_of(what);
      }
  };
  const bool within = mark != blocks_.end() && mark->first == number;
  const auto position = after % block_size + 1;
  if (number < (blocks_.begin()->first + blocks_.rbegin()->first) / 2) {
    for (auto each = blocks_.begin(); each != mark; ++each)
      add_block(each->second);
    if (within)
      add_some(0, position);
    return {total_of_[lane].count - out.count, total_of_[lane].bytes - out.bytes};
  }
  if (within)
    add_some(position, block_size);
  for (auto each = within ? std::next(mark) : mark; each != blocks_.end(); ++each)
    add_block(each->second);
  return out;
}

log_index::sum log_index::above(const std::vector<std::uint64_t>& marks) const {
  sum out;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    const auto one = above(lane, marks[lane]);
    out.count += one.count;
    out.bytes += one.bytes;
  }
  return out;
}

std::uint64_t log_index::excess(std::uint64_t count, std::uint64_t bytes,
                                std::int64_t oldest_s) const {
  auto left = total_;
  std::uint64_t up_to = 0;
  for (const auto& [number, where] : blocks_)
    for (std::size_t i = 0; i < block_size; ++i) {
      const auto what = where.what[i];
      if (what == 0)
        continue;
      if (where.published_s[i] >= oldest_s && left.count <= count && left.bytes <= bytes)
        return up_to;
      left.count -= 1;
      left.bytes -= size_of(what);
      up_to = number * block_size + i;
    }
  return up_to;
}

} // namespace muster
