#include "actors/delivery_frame.hpp"

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
    if (about.key_is_plain) {
      if (whole_.id != batch.id_of_all)
        prepare_whole(batch);
      build_whole(about.sub_key);
      return;
    }
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

void delivery_frame::prepare_whole(const push_batch& batch) {
  auto& [id, text, pieces] = whole_;
  id = batch.id_of_all;
  text = batch.head_of_all + '[';
  std::vector<std::size_t> ends;
  for (const auto& each : batch.first_deliveries) {
    if (!ends.empty())
      text += ',';
    text += each.object_before_key();
    ends.push_back(text.size());
    text += each.object_after_key();
  }
  text += ']';
  text += delivery_end;
  ends.push_back(text.size());
  pieces.clear();
  std::size_t begin = 0;
  for (const auto end : ends) {
    pieces.push_back(std::string_view{text}.substr(begin, end - begin));
    pieces.emplace_back();
    begin = end;
  }
  // Behind the last there is no key.
  pieces.pop_back();
}

void delivery_frame::build_whole(std::string_view sub_key) {
  shared_ = true;
  for (std::size_t i = 1; i < whole_.pieces.size(); i += 2)
    whole_.pieces[i] = sub_key;
  bytes_ = whole_.text.size() + whole_.pieces.size() / 2 * sub_key.size();
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
  for (const auto piece : pieces())
    whole += piece;
  return whole;
}

void delivery_frame::begin(std::string_view head) {
  shared_ = false;
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
