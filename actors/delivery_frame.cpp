#include "actors/delivery_frame.hpp"

#include <algorithm>

namespace muster {

void delivery_frame::build(const subscription& about, const push_batch& batch, std::size_t first,
                           std::size_t size, std::string_view id, timestamp now) {
  const auto& ready = batch.first_deliveries[first];
  if (size > 1 || about.wrap_one) {
    build_list(about, batch, first, size, id, now);
  } else if (about.key_is_plain) {
    begin(ready.envelope_before_key());
    add(about.sub_key);
    add(ready.envelope_after_key());
  } else {
    begin(ready.head());
    add_message(about, *batch.messages[first], 1);
    add(delivery_end);
  }
}

void delivery_frame::build_list(const subscription& about, const push_batch& batch,
                                std::size_t first, std::size_t size, std::string_view id,
                                timestamp now) {
  if (size > 1 && size == batch.messages.size()) {
    if (about.key_is_plain && build_whole(batch, about.sub_key))
      return;
    begin(batch.head_of_all);
  } else {
    head_ = delivery_head(id, now);
    begin(head_);
  }
  for (auto i = first; i < first + size; ++i) {
    add(i == first ? "[" : ",");
    if (about.key_is_plain) {
      add(batch.first_deliveries[i].object_before_key());
      add(about.sub_key);
      add(batch.first_deliveries[i].object_after_key());
    } else {
      add_message(about, *batch.messages[i], 1);
    }
  }
  add("]");
  add(delivery_end);
}

// Not for the first one: there may be no second.
bool delivery_frame::build_whole(const push_batch& batch, std::string_view sub_key) {
  if (last_list_ != batch.id_of_all) {
    last_list_ = batch.id_of_all;
    wholes_used_ = 0;
    return false;
  }
  const auto end = wholes_.begin() + static_cast<std::ptrdiff_t>(wholes_used_);
  const auto known = std::find_if(wholes_.begin(), end, [&](const whole_list& each) {
    return each.key_size == sub_key.size();
  });
  if (known != end) {
    for (const auto at : known->keys_at)
      sub_key.copy(known->text.data() + at, sub_key.size());
    begin(known->text);
    return true;
  }
  if (wholes_used_ == wholes_.size())
    return false;
  write_whole(*end, batch, sub_key);
  begin(end->text);
  ++wholes_used_;
  return true;
}

void delivery_frame::write_whole(whole_list& to, const push_batch& batch,
                                 std::string_view sub_key) {
  auto& [text, key_size, keys_at] = to;
  key_size = sub_key.size();
  keys_at.clear();
  text = batch.head_of_all;
  for (const auto& each : batch.first_deliveries) {
    text += keys_at.empty() ? '[' : ',';
    text += each.object_before_key();
    keys_at.push_back(text.size());
    text += sub_key;
    text += each.object_after_key();
  }
  text += ']';
  text += delivery_end;
}

void delivery_frame::build(const feed& from, std::size_t first, std::size_t size,
                           std::string_view id, timestamp now) {
  const auto& about = *from.about;
  const bool list = size > 1 || about.wrap_one;
  head_ = delivery_head(id, now);
  begin(head_);
  for (auto i = first; i < first + size; ++i) {
    if (list)
      add(i == first ? "[" : ",");
    add_message(about, *from.pending(i).message, from.pending(i).count + 1);
  }
  if (list)
    add("]");
  add(delivery_end);
}

std::string delivery_frame::text() const {
  std::string whole;
  whole.reserve(bytes_);
  for (const auto piece : pieces_)
    whole += piece;
  return whole;
}

void delivery_frame::begin(std::string_view head) {
  pieces_.clear();
  bytes_ = 0;
  used_gaps_ = 0;
  add(head);
}

void delivery_frame::add_message(const subscription& about, const publication& message,
                                 std::uint32_t count) {
  if (used_gaps_ == gaps_.size())
    gaps_.emplace_back();
  auto& gap = gaps_[used_gaps_++];
  gap = gap_text(about.sub_key, count);
  add(message.before());
  add(gap);
  add(message.after());
}

} // namespace muster
