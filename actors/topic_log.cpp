#include "actors/topic_log.hpp"

#include "messages/ids.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace muster {

namespace {

constexpr std::string_view id_prefix = "zpsm";
constexpr std::size_t chance_digits = 8;
constexpr std::size_t all_digits = 24;

std::optional<std::uint64_t> seq_in(std::string_view msg_id) {
  if (!msg_id.starts_with(id_prefix) || msg_id.size() != id_prefix.size() + all_digits)
    return std::nullopt;
  msg_id.remove_prefix(id_prefix.size() + chance_digits);
  std::uint64_t seq = 0;
  const auto* end = msg_id.data() + msg_id.size();
  const auto read = std::from_chars(msg_id.data(), end, seq, 16);
  return read.ec == std::errc{} && read.ptr == end ? std::optional{seq} : std::nullopt;
}

std::uint32_t whole_seconds(std::int64_t microseconds) {
  return static_cast<std::uint32_t>(std::max<std::int64_t>(microseconds, 0) / 1'000'000);
}

} // namespace

std::string make_msg_id(std::uint64_t seq) {
  std::string out{id_prefix};
  append_random_id(out);
  constexpr auto digits = "0123456789abcdef";
  for (std::size_t i = 0; i < all_digits - chance_digits; ++i)
    out[out.size() - 1 - i] = digits[seq >> (4 * i) & 15U];
  return out;
}

void topic_log::load(const stored_log& stored) {
  index_.reset(stored.entries.empty() ? stored.last_seq : stored.entries.front().seq - 1);
  for (const auto& each : stored.entries)
    index_.add(each.seq, {each.lane, each.size, whole_seconds(each.published_us)});
  continue_after(stored.last_seq);
  for (const auto& [id, seq] : stored.own_ids) {
    own_ids_.emplace(id, seq);
    names_[seq].first = id;
  }
  for (const auto& [key, seq] : stored.keys) {
    keys_.emplace(key, seq);
    names_[seq].second = key;
  }
}

void topic_log::continue_after(std::uint64_t last_seq) {
  index_.skip_to(last_seq);
}

publication_ptr topic_log::in_memory(std::uint64_t seq) const {
  const auto found = kept_.find(seq);
  return found == kept_.end() ? nullptr : found->second;
}

// In the order of their sequences, times never go back.
std::optional<std::uint64_t> topic_log::first_in_memory(timestamp at) const {
  for (const auto& [seq, message] : kept_)
    if (message->published_at() >= at)
      return seq;
  return std::nullopt;
}

std::optional<std::uint64_t> topic_log::find(const std::string& msg_id) const {
  if (const auto own = find_own(msg_id))
    return own;
  const auto seq = seq_in(msg_id);
  if (!seq || !index_.find(*seq))
    return std::nullopt;
  const auto kept = in_memory(*seq);
  return kept && kept->id() != msg_id ? std::nullopt : seq;
}

std::optional<std::uint64_t> topic_log::find_own(const std::string& msg_id) const {
  const auto found = own_ids_.find(msg_id);
  return found == own_ids_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<std::uint64_t> topic_log::holder_of(const std::string& key) const {
  const auto found = key.empty() ? keys_.end() : keys_.find(key);
  return found == keys_.end() ? std::nullopt : std::optional{found->second};
}

void topic_log::add(publication_ptr message, bool durable) {
  const auto& about = message->about();
  index_.add(message->seq(),
             {static_cast<std::uint8_t>(message->lane()),
              static_cast<std::uint32_t>(message->size()), whole_seconds(about.published_us)});
  if (about.own_id) {
    own_ids_[about.msg_id] = about.seq;
    names_[about.seq].first = about.msg_id;
  }
  if (!about.key.empty()) {
    keys_[about.key] = about.seq;
    names_[about.seq].second = about.key;
  }
  kept_size_ += message->footprint();
  const auto seq = message->seq();
  kept_.emplace_hint(kept_.end(), seq, std::move(message));
  if (!durable) {
    // With those of a time when the topic was durable: they stay as well.
    volatile_up_to_ = seq;
    volatile_messages_ = kept_.size();
    return;
  }
  while (kept_.size() > volatile_messages_ + 1
         && (kept_.size() > volatile_messages_ + kept_messages || kept_size_ > kept_bytes))
    let_go(kept_.upper_bound(volatile_up_to_));
}

bool topic_log::erase(std::uint64_t seq) {
  if (!index_.erase(seq))
    return false;
  forget_names(seq);
  if (const auto kept = kept_.find(seq); kept != kept_.end())
    let_go(kept);
  return true;
}

void topic_log::trim(std::uint64_t up_to) {
  if (!names_.empty())
    for (auto seq = index_.next(0); seq && *seq <= up_to; seq = index_.next(*seq))
      forget_names(*seq);
  index_.trim(up_to);
  while (!kept_.empty() && kept_.begin()->first <= up_to)
    let_go(kept_.begin());
}

void topic_log::let_go(std::map<std::uint64_t, publication_ptr>::iterator which) {
  kept_size_ -= which->second->footprint();
  if (which->first <= volatile_up_to_)
    --volatile_messages_;
  kept_.erase(which);
}

void topic_log::forget_names(std::uint64_t seq) {
  const auto node = names_.extract(seq);
  if (!node)
    return;
  const auto& [own_id, key] = node.mapped();
  if (const auto known = own_ids_.find(own_id); known != own_ids_.end() && known->second == seq)
    own_ids_.erase(known);
  if (const auto known = keys_.find(key); known != keys_.end() && known->second == seq)
    keys_.erase(known);
}

topic_log::harvest topic_log::collect(subscription_state& state, std::size_t limit,
                                      std::uint64_t max_bytes, timestamp now) const {
  harvest out;
  std::uint64_t bytes = 0;
  for (std::size_t i = lanes; i-- > 0;) {
    for (auto seq = index_.next(i, state.taken[i]); seq; seq = index_.next(i, state.taken[i])) {
      if (!state.skips(*seq)) {
        const auto message = in_memory(*seq);
        if (out.messages.size() >= limit)
          return out;
        if (!message) {
          if (out.messages.empty())
            out.on_disk = harvest::place{i, state.taken[i]};
          return out;
        }
        if (message->expired(now)) {
          ++out.expired;
        } else {
          bytes += message->size();
          if (bytes > max_bytes && !out.messages.empty())
            return out;
          out.messages.push_back(message);
        }
      }
      state.taken[i] = *seq;
    }
  }
  out.complete = true;
  // One that begins in the future stays there.
  for (auto& mark : state.taken)
    mark = std::max(mark, last_seq());
  std::erase_if(state.skipped, [&](const seq_range& range) { return range.last <= last_seq(); });
  return out;
}

log_index::sum topic_log::waiting(const subscription_state& state) const {
  auto out = index_.above(state.taken);
  for (const auto& range : state.skipped)
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const auto from = std::max(range.first - 1, state.taken[lane]);
      if (from >= range.last)
        continue;
      const auto above = index_.above(lane, from);
      const auto beyond = index_.above(lane, range.last);
      out.count -= above.count - beyond.count;
      out.bytes -= above.bytes - beyond.bytes;
    }
  return out;
}

std::optional<std::uint64_t> topic_log::oldest(const subscription_state& state) const {
  std::optional<std::uint64_t> out;
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    auto seq = index_.next(lane, state.taken[lane]);
    while (seq && state.skips(*seq))
      seq = index_.next(lane, state.skipped_up_to(*seq));
    if (seq && (!out || *seq < *out))
      out = seq;
  }
  return out;
}

std::vector<std::uint64_t> topic_log::find_expired(timestamp now, std::size_t look_at) {
  std::vector<std::uint64_t> out;
  auto at = kept_.upper_bound(looked_at_);
  for (std::size_t i = std::min(look_at, kept_.size()); i > 0; --i, ++at) {
    if (at == kept_.end())
      at = kept_.begin();
    looked_at_ = at->first;
    if (at->second->expired(now))
      out.push_back(at->first);
  }
  return out;
}

} // namespace muster
