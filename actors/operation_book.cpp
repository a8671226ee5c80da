#include "actors/operation_book.hpp"

#include <utility>

namespace muster {

namespace {

std::size_t weight(const operation_outcome& outcome) {
  return sizeof outcome + outcome.connection_id.size() + outcome.data.size()
         + outcome.detail.size();
}

std::size_t weight(const operation& item) {
  return sizeof item + item.id.size() + item.by.size() + item.selector_text.size();
}

} // namespace

bool operation_book::add(operation item, deadline now) {
  drop_expired(now);
  while (records_.size() >= max_operations && !finished_.empty())
    drop_oldest();
  if (records_.size() >= max_operations)
    return false;
  const auto id = item.id;
  auto outcomes = std::exchange(item.outcomes, {});
  record made;
  made.bytes = weight(item);
  bytes_ += made.bytes;
  made.item = std::move(item);
  records_.insert_or_assign(id, std::move(made));
  auto& added = records_.at(id).item.outcomes;
  for (auto& outcome : outcomes) {
    weigh(records_.at(id), outcome);
    added.push_back(std::move(outcome));
  }
  return true;
}

const operation* operation_book::find(const std::string& id, deadline now) {
  drop_expired(now);
  const auto* found = find_record(id);
  return found == nullptr ? nullptr : &found->item;
}

void operation_book::add_outcomes(const std::string& id, std::vector<operation_outcome> outcomes) {
  auto* into = find_record(id);
  if (into == nullptr)
    return;
  for (auto& outcome : outcomes) {
    weigh(*into, outcome);
    into->item.outcomes.push_back(std::move(outcome));
    ++into->item.finished;
    auto& added = into->item.outcomes.back();
    if (auto late = into->early_lates.extract(added.connection_id))
      put_late(*into, added, std::move(late.mapped()));
  }
}

void operation_book::add_late(const std::string& id, operation_outcome late) {
  auto* in = find_record(id);
  if (in == nullptr)
    return;
  if (auto* timed_out = outcome_of(*in, late.connection_id)) {
    put_late(*in, *timed_out, std::move(late));
    return;
  }
  if (in->finished)
    return;
  auto key = late.connection_id;
  in->early_lates.insert_or_assign(std::move(key), std::move(late));
}

void operation_book::cancel(const std::string& id) {
  auto* found = find_record(id);
  if (found != nullptr && !found->finished)
    found->item.state = operation_state::cancelled;
}

void operation_book::finish(const std::string& id, timestamp at, deadline now) {
  auto* found = find_record(id);
  if (found == nullptr || found->finished)
    return;
  found->finished = true;
  found->item.finished_at = at;
  if (found->item.state == operation_state::running)
    found->item.state = operation_state::done;
  found->early_lates.clear();
  found->drop_at = now + lifetime;
  finished_.push_back(id);
}

operation_book::record* operation_book::find_record(const std::string& id) {
  const auto found = records_.find(id);
  return found == records_.end() ? nullptr : &found->second;
}

void operation_book::drop_oldest() {
  const auto found = records_.find(finished_.front());
  finished_.pop_front();
  bytes_ -= found->second.bytes;
  records_.erase(found);
}

void operation_book::drop_expired(deadline now) {
  while (!finished_.empty() && records_.at(finished_.front()).drop_at <= now)
    drop_oldest();
}

void operation_book::weigh(record& into, operation_outcome& outcome) {
  // The one that it belongs to may be the oldest that has finished, when it is a late answer.
  while (bytes_ + weight(outcome) > max_bytes && !finished_.empty()
         && finished_.front() != into.item.id)
    drop_oldest();
  if (bytes_ + weight(outcome) > max_bytes && !outcome.data.empty()) {
    outcome.data.clear();
    outcome.detail = "the answer was not kept: there is no room for it";
  }
  into.bytes += weight(outcome);
  bytes_ += weight(outcome);
}

operation_outcome* operation_book::outcome_of(record& in, const std::string& connection_id) {
  auto& outcomes = in.item.outcomes;
  for (; in.placed < outcomes.size(); ++in.placed)
    in.places.emplace(outcomes[in.placed].connection_id, in.placed);
  const auto found = in.places.find(connection_id);
  return found == in.places.end() ? nullptr : &outcomes[found->second];
}

void operation_book::put_late(record& in, operation_outcome& timed_out, operation_outcome late) {
  if (timed_out.outcome != to_string(invoke_outcome::timeout))
    return;
  in.bytes -= weight(timed_out);
  bytes_ -= weight(timed_out);
  weigh(in, late);
  timed_out = std::move(late);
}

} // namespace muster
