#include "actors/feed.hpp"

#include "messages/metrics.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

/// What is asked for at once.
constexpr std::uint32_t pulled_at_once = 1000;
constexpr std::size_t fetched_at_once = 100;
constexpr std::uint64_t bytes_at_once = 512U << 10U;

} // namespace

feed::feed(std::uint32_t cookie, std::string topic_name) : cookie_{cookie} {
  extra().topic_name = std::move(topic_name);
}

feed::more& feed::extra() {
  if (!extra_)
    extra_ = std::make_unique<more>();
  return *extra_;
}

void feed::answer_askers(const caf::expected<subscribed>& what) {
  if (extra_)
    for (const auto& who : std::exchange(extra_->askers, {}))
      who(what);
}

void feed::begin(topic_joined joined) {
  const bool restored = about && joined.era != era_;
  if (restored)
    forget();
  era_ = joined.era;
  about = std::move(joined.about);
  auto& x = extra();
  x.ack_timeout = to_duration(joined.rules->ack_timeout);
  x.retry_at.reset();
  pulling_ = false;
  // A topic that failed is told what is handed out and not settled; those who have it keep it.
  const bool again = !x.marks.empty() || !x.flights.empty() || !x.pending.empty();
  if (!again)
    x.to_fetch = std::move(joined.state.unacked);
  x.marks = std::move(joined.state.taken);
  mode_ = mode::behind;
  about->counters.followed.store(0, std::memory_order_relaxed);
  count_pending();
  const bool nothing_waits = std::all_of(
      x.marks.begin(), x.marks.end(), [&](std::uint64_t mark) { return mark >= joined.last_seq; });
  // What was pushed before it forgot is found by asking.
  if (!restored && nothing_waits && x.to_fetch.empty() && x.pending.empty())
    follow(joined.last_seq);
}

// The sequences that it knows are those of other data.
void feed::forget() {
  auto fresh = std::make_unique<more>();
  fresh->askers = std::move(extra().askers);
  extra_ = std::move(fresh);
  cursor_ = 0;
  pushed_up_to_ = 0;
}

void feed::lose_topic(deadline retry_at) {
  if (mode_ == mode::following)
    fall_behind();
  mode_ = mode::joining;
  pulling_ = false;
  topic = nullptr;
  extra().fetching.clear();
  extra().retry_at = retry_at;
}

std::size_t feed::accept(const push_batch& batch) {
  const auto size = batch.messages.size();
  const auto last = batch.messages.back()->seq();
  const auto first = batch.messages.front()->seq();
  if (mode_ == mode::following && last <= cursor_)
    return size;
  const bool has_room = !counts_acks() || !extra_ || extra_->flights.size() + size <= max_unacked;
  if (mode_ == mode::following && first <= cursor_ + 1 && !has_pending() && has_room)
    return cursor_ < first ? 0 : cursor_ + 1 - first;
  if (mode_ == mode::following)
    fall_behind();
  pushed_up_to_ = std::max(pushed_up_to_, last);
  if (pulling_)
    note_early(batch);
  return size;
}

// What is pushed during the last question need not be asked for, or one who catches up under a
// steady stream would ask for ever.
void feed::note_early(const push_batch& batch) {
  auto& early = extra().early;
  const bool goes_on = early.empty() || early.back()->seq() + 1 == batch.messages.front()->seq();
  if (!goes_on || early.size() + batch.messages.size() > max_unacked)
    early.clear();
  else
    early.insert(early.end(), batch.messages.begin(), batch.messages.end());
}

void feed::take_early(std::uint64_t& last_seq) {
  auto early = std::exchange(extra().early, {});
  if (early.empty() || early.front()->seq() > last_seq + 1 || early.back()->seq() != pushed_up_to_)
    return;
  for (auto& message : early)
    if (message->seq() > last_seq)
      extra_->pending.push_back({std::move(message), 0});
  last_seq = pushed_up_to_;
}

void feed::pass_over(const publication& message) {
  cursor_ = message.seq();
  about->counters.followed.store(cursor_, std::memory_order_relaxed);
  count(about->counters.dropped);
  count_drop(drop_cause::expired);
}

void feed::fall_behind() {
  extra().marks.assign(lanes, cursor_);
  mode_ = mode::behind;
}

// Unless more came while the topic was asked.
void feed::follow(std::uint64_t last_seq) {
  if (pushed_up_to_ > last_seq)
    take_early(last_seq);
  if (pushed_up_to_ > last_seq)
    return;
  mode_ = mode::following;
  // One that begins in the future has taken all before.
  const auto& marks = extra().marks;
  cursor_ =
      marks.empty() ? last_seq : std::max(last_seq, *std::min_element(marks.begin(), marks.end()));
  about->counters.followed.store(cursor_, std::memory_order_relaxed);
  extra_->marks.clear();
  shrink();
}

void feed::shrink() {
  const bool plain = mode_ == mode::following && !lossless();
  if (plain && extra_ && extra_->pending.empty() && extra_->askers.empty())
    extra_ = nullptr;
}

std::optional<pull_messages> feed::next_pull() {
  if (mode_ != mode::behind || pulling_ || has_pending() || !topic)
    return std::nullopt;
  auto& x = extra();
  // The answer covers what was pushed before.
  pushed_up_to_ = 0;
  pull_messages order;
  order.sub_key = about->sub_key;
  order.taken = x.marks;
  order.max_bytes = bytes_at_once;
  if (!x.to_fetch.empty()) {
    const auto count = std::min(fetched_at_once, x.to_fetch.size());
    x.fetching.assign(x.to_fetch.begin(), x.to_fetch.begin() + static_cast<long>(count));
    for (const auto& each : x.fetching)
      order.again.push_back(each.seq);
    pulling_ = true;
    return order;
  }
  auto room = pulled_at_once;
  if (counts_acks())
    room = static_cast<std::uint32_t>(max_unacked - std::min(max_unacked, x.flights.size()));
  // A few places are not worth a question.
  if (room < max_unacked / 4)
    return std::nullopt;
  order.limit = room;
  // From now on the topic knows more.
  about->counters.followed.store(0, std::memory_order_relaxed);
  pulling_ = true;
  return order;
}

void feed::pulled(messages_pulled found) {
  pulling_ = false;
  if (mode_ != mode::behind)
    return;
  auto& x = extra();
  if (!found.caught_up)
    x.early.clear();
  if (!x.fetching.empty()) {
    const auto count = std::min(x.fetching.size(), x.to_fetch.size());
    for (auto& message : found.again) {
      const auto known = std::find_if(x.fetching.begin(), x.fetching.end(),
                                      [&](const auto& each) { return each.seq == message->seq(); });
      if (known != x.fetching.end() && message->seq() > x.settled_up_to)
        x.pending.push_back({std::move(message), known->count});
    }
    x.to_fetch.erase(x.to_fetch.begin(), x.to_fetch.begin() + static_cast<long>(count));
    x.fetching.clear();
    count_acks();
    count_pending();
    return;
  }
  for (auto& message : found.messages)
    if (message->seq() > x.settled_up_to)
      x.pending.push_back({std::move(message), 0});
  count_pending();
  x.marks = std::move(found.taken);
  for (auto& mark : x.marks)
    mark = std::max(mark, x.settled_up_to);
  if (found.caught_up && x.to_fetch.empty())
    follow(found.last_seq);
}

void feed::pull_failed(deadline retry_at) {
  pulling_ = false;
  extra().fetching.clear();
  if (mode_ == mode::behind)
    extra().retry_at = retry_at;
}

std::size_t feed::next_frame(timestamp wall_now) {
  auto& x = *extra_;
  while (!x.pending.empty() && x.pending.front().message->expired(wall_now)) {
    x.pending.pop_front();
    count_pending();
    count(about->counters.dropped);
    count_drop(drop_cause::expired);
  }
  if (counts_acks() && x.flights.size() >= max_unacked)
    return 0;
  std::size_t bytes = 0;
  std::size_t fitting = 0;
  const auto most = std::min<std::size_t>(about->batch_size, x.pending.size());
  for (; fitting < most; ++fitting) {
    const auto& message = *x.pending[fitting].message;
    bytes += message.bytes_in_frame();
    if (fitting > 0 && (bytes > bytes_a_frame || message.expired(wall_now)))
      break;
  }
  return fitting;
}

void feed::handed_out(std::size_t count, deadline now, std::size_t bytes) {
  auto& x = *extra_;
  for (std::size_t i = 0; i < count; ++i) {
    const auto next = std::move(x.pending.front());
    x.pending.pop_front();
    took(next.message, next.count + 1, now, i == 0 ? bytes : 0);
    if (next.count > 0)
      muster::count(counters().redeliveries);
  }
  count_pending();
}

void feed::handed_out(std::span<const publication_ptr> messages, deadline now, std::size_t bytes) {
  auto& numbers = about->counters;
  cursor_ = messages.back()->seq();
  numbers.followed.store(cursor_, std::memory_order_relaxed);
  if (lossless()) {
    for (const auto& each : messages)
      took(each, 1, now, std::exchange(bytes, 0));
    return;
  }
  count_delivered(messages.size(), cursor_);
  numbers.acked_seq.store(cursor_, std::memory_order_relaxed);
}

void feed::count_delivered(std::uint64_t how_many, std::uint64_t last_seq) {
  auto& numbers = about->counters;
  bump(numbers.delivered, how_many);
  numbers.delivered_seq.store(
      std::max(numbers.delivered_seq.load(std::memory_order_relaxed), last_seq),
      std::memory_order_relaxed);
}

void feed::took(const publication_ptr& message, std::uint32_t count, deadline now,
                std::size_t bytes) {
  count_delivered(1, message->seq());
  if (counts_acks()) {
    auto& x = extra();
    const auto due = now + x.ack_timeout;
    x.flights[message->seq()] = {message, count, due};
    x.next_ack = std::min(x.next_ack, due);
    count_acks();
  } else if (about->durable) {
    extra().in_wire.push_back({{message->seq(), count}, bytes});
  } else {
    about->counters.acked_seq.store(message->seq(), std::memory_order_relaxed);
    return;
  }
  note_change(now);
}

// The oldest are through first; what else is in the wire only makes less of it ours.
void feed::flushed(std::size_t left) {
  if (!extra_ || extra_->in_wire.empty())
    return;
  auto& in_wire = extra_->in_wire;
  std::size_t bytes = 0;
  for (const auto& each : in_wire)
    bytes += each.bytes;
  while (!in_wire.empty() && (left == 0 || bytes - in_wire.front().bytes >= left)) {
    bytes -= in_wire.front().bytes;
    about->counters.acked_seq.store(in_wire.front().what.seq, std::memory_order_relaxed);
    in_wire.pop_front();
  }
}

void feed::note_change(deadline now) {
  if (about->durable && !extra().report_at)
    extra().report_at = now + report_interval;
}

void feed::count_acks() {
  const auto& x = *extra_;
  auto& numbers = about->counters;
  numbers.unacked.store(static_cast<std::uint32_t>(x.flights.size() + x.to_fetch.size()),
                        std::memory_order_relaxed);
  const auto floor = x.flights.empty() ? numbers.delivered_seq.load(std::memory_order_relaxed)
                                       : x.flights.begin()->first - 1;
  numbers.acked_seq.store(floor, std::memory_order_relaxed);
}

void feed::count_pending() const {
  const auto count = extra_ ? extra_->pending.size() : 0;
  about->counters.pending.store(static_cast<std::uint32_t>(count), std::memory_order_relaxed);
}

// What was not acknowledged in time may wait to be handed out again: it is not too late.
bool feed::acknowledge(std::uint64_t seq) {
  if (!extra_)
    return false;
  auto& x = *extra_;
  const bool known =
      x.flights.erase(seq) != 0 || std::erase_if(x.pending, [seq](const delivery& each) {
                                     return each.count > 0 && each.message->seq() == seq;
                                   }) != 0;
  if (known)
    count_acks();
  return known;
}

std::size_t feed::acknowledge_up_to(std::uint64_t seq) {
  if (!extra_)
    return 0;
  auto& x = *extra_;
  const auto is_told = [seq](const unacked_message& each) {
    return each.count > 0 && each.seq <= seq;
  };
  auto count = std::erase_if(x.flights, [seq](const auto& each) { return each.first <= seq; });
  count += std::erase_if(x.pending, [seq](const delivery& each) {
    return each.count > 0 && each.message->seq() <= seq;
  });
  count += std::erase_if(x.to_fetch, is_told);
  std::erase_if(x.fetching, is_told);
  count_acks();
  return count;
}

std::optional<std::uint64_t> feed::find_unacked(const std::string& msg_id) const {
  if (!extra_)
    return std::nullopt;
  for (const auto& [seq, each] : extra_->flights)
    if (each.message->id() == msg_id)
      return seq;
  for (const auto& each : extra_->pending)
    if (each.count > 0 && each.message->id() == msg_id)
      return each.message->seq();
  return std::nullopt;
}

void feed::settle(const settle_messages& what) {
  const auto gone = [&](std::uint64_t seq) {
    return seq <= what.up_to
           || std::find(what.seqs.begin(), what.seqs.end(), seq) != what.seqs.end();
  };
  if (mode_ == mode::following && !extra_)
    return;
  auto& x = extra();
  std::erase_if(x.flights, [&](const auto& each) { return gone(each.first); });
  std::erase_if(x.to_fetch, [&](const auto& each) { return gone(each.seq); });
  std::erase_if(x.fetching, [&](const auto& each) { return gone(each.seq); });
  std::erase_if(x.pending, [&](const auto& each) { return gone(each.message->seq()); });
  std::erase_if(x.early, [&](const auto& each) { return gone(each->seq()); });
  std::erase_if(x.in_wire, [&](const auto& each) { return gone(each.what.seq); });
  for (auto& mark : x.marks)
    mark = std::max(mark, what.up_to);
  x.settled_up_to = std::max(x.settled_up_to, what.up_to);
  count_acks();
  count_pending();
}

bool feed::expire_acks(deadline now, timestamp wall_now) {
  if (!extra_ || extra_->next_ack > now)
    return false;
  auto& x = *extra_;
  x.next_ack = deadline::max();
  std::vector<delivery> late;
  for (auto i = x.flights.begin(); i != x.flights.end();) {
    auto& each = i->second;
    if (each.due > now) {
      x.next_ack = std::min(x.next_ack, each.due);
      ++i;
      continue;
    }
    if (each.message->expired(wall_now)) {
      count(about->counters.dropped);
      count_drop(drop_cause::expired);
    } else {
      late.push_back({std::move(each.message), each.count});
    }
    i = x.flights.erase(i);
  }
  x.pending.insert(x.pending.begin(), late.begin(), late.end());
  count_acks();
  count_pending();
  note_change(now);
  return !late.empty();
}

std::optional<deadline> feed::due() const {
  if (!extra_)
    return std::nullopt;
  auto next = extra_->next_ack;
  for (const auto& each : {extra_->report_at, extra_->retry_at})
    if (each)
      next = std::min(next, *each);
  return next == deadline::max() ? std::nullopt : std::optional{next};
}

bool feed::wants_report(deadline now) const {
  return extra_ && extra_->report_at && *extra_->report_at <= now;
}

bool feed::wants_retry(deadline now) const {
  return extra_ && extra_->retry_at && *extra_->retry_at <= now;
}

subscription_state feed::state() const {
  subscription_state out;
  if (!extra_ || extra_->marks.empty())
    out.take_all(cursor_);
  if (!extra_)
    return out;
  const auto& x = *extra_;
  if (!x.marks.empty())
    out.taken = x.marks;
  out.unacked = x.to_fetch;
  for (const auto& [seq, each] : x.flights)
    out.unacked.push_back({seq, each.count});
  for (const auto& each : x.in_wire)
    out.unacked.push_back(each.what);
  for (const auto& each : x.pending)
    out.unacked.push_back({each.message->seq(), each.count});
  std::sort(out.unacked.begin(), out.unacked.end(),
            [](const auto& a, const auto& b) { return a.seq < b.seq; });
  return out;
}

} // namespace muster
