#include "actors/call_table.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

double milliseconds(duration span) {
  return std::chrono::duration<double, std::milli>(span).count();
}

} // namespace

void call_table::add(std::string id, std::string operation, deadline now, timestamp sent_at,
                     duration timeout, answer done) {
  by_deadline_.emplace(now + timeout, id);
  waiting_.emplace(std::move(id),
                   call{std::move(operation), now, now + timeout, sent_at, std::move(done)});
}

call_table::found call_table::settle(const std::string& id, bool failed, std::string data,
                                     deadline now, late_call& late) {
  if (auto i = waiting_.find(id); i != waiting_.end()) {
    finish(i, failed ? invoke_outcome::error : invoke_outcome::ok, std::move(data), now);
    return found::in_time;
  }
  auto i = std::find_if(gone_.begin(), gone_.end(), [&](const auto& x) { return x.id == id; });
  if (i == gone_.end())
    return found::stranger;
  late = {std::move(i->operation), i->sent_at, milliseconds(now - i->started), std::move(data)};
  gone_.erase(i);
  return found::late;
}

std::optional<deadline> call_table::due() const {
  if (by_deadline_.empty())
    return std::nullopt;
  return by_deadline_.begin()->first;
}

std::size_t call_table::expire(deadline now) {
  std::size_t expired = 0;
  while (!by_deadline_.empty() && by_deadline_.begin()->first <= now) {
    auto i = waiting_.find(by_deadline_.begin()->second);
    if (gone_.size() == max_late)
      gone_.erase(gone_.begin(), gone_.begin() + max_late / 4);
    gone_.push_back({i->first, i->second.operation, i->second.started, i->second.sent_at});
    finish(i, invoke_outcome::timeout, "null", now);
    ++expired;
  }
  return expired;
}

bool call_table::cancel(const std::string& operation, deadline now) {
  auto i = std::find_if(waiting_.begin(), waiting_.end(),
                        [&](const auto& x) { return x.second.operation == operation; });
  if (i == waiting_.end())
    return false;
  finish(i, invoke_outcome::cancelled, "null", now);
  return true;
}

void call_table::end_all(invoke_outcome outcome, deadline now) {
  while (!waiting_.empty())
    finish(waiting_.begin(), outcome, "null", now);
}

void call_table::finish(calls::iterator which, invoke_outcome outcome, std::string data,
                        deadline now) {
  auto ended = std::move(which->second);
  auto [first, last] = by_deadline_.equal_range(ended.until);
  by_deadline_.erase(
      std::find_if(first, last, [&](const auto& x) { return x.second == which->first; }));
  waiting_.erase(which);
  ended.done({outcome, std::move(data), {}, ended.sent_at, milliseconds(now - ended.started)});
}

} // namespace muster
