// The subscriptions of a connection: what topics push to it, what it asks them for, what the client
// acknowledges.

#include "actors/connection.hpp"

#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

/// How long a topic that cannot be had is left alone.
constexpr duration retry_pause = std::chrono::seconds{1};

// One for all connections of a thread: nothing of it is needed after the frame is built.
thread_local std::vector<std::string_view> pieces;
thread_local std::vector<std::string> gaps;
thread_local std::string head;

std::string joined_pieces() {
  std::string text;
  for (const auto piece : pieces)
    text += piece;
  return text;
}

/// So many of a batch, from `first` on, fit into one frame.
std::size_t frame_size(const push_batch& batch, std::size_t first, std::size_t most,
                       timestamp wall_now) {
  std::size_t bytes = 0;
  std::size_t size = 0;
  for (; size < most && first + size < batch.messages.size(); ++size) {
    bytes += batch.messages[first + size]->size() + feed::overhead_of_message;
    if (size > 0
        && (bytes > feed::bytes_a_frame || batch.messages[first + size]->expired(wall_now)))
      break;
  }
  return size;
}

} // namespace

void connection::push(const pushed& news) {
  auto* const to = feeds_ ? feeds_->find(news.cookie) : nullptr;
  if (!to || closing())
    return;
  const auto& batch = *news.batch;
  const auto wall_now = loop_->wall_now();
  auto next = to->accept(batch);
  while (next < batch.messages.size()) {
    if (batch.messages[next]->expired(wall_now)) {
      to->pass_over(*batch.messages[next++]);
      continue;
    }
    const auto frame = frame_size(batch, next, to->about->batch_size, wall_now);
    std::size_t bytes = 0;
    const auto id = frame == 1 ? batch.messages[next]->id() : random_id();
    const auto sent = send_frame(
        *to, frame,
        [&](std::size_t i) {
          return feed::delivery{batch.messages[next + i], 0};
        },
        frame == 1 ? &batch.first_deliveries[next] : nullptr, id, bytes);
    if (closing())
      return;
    if (!sent) {
      to->fall_behind();
      break;
    }
    for (std::size_t i = 0; i < frame; ++i) {
      const auto& message = batch.messages[next + i];
      to->handed_out(message, loop_->now(), i == 0 ? bytes : 0);
      if (to->counts_acks())
        feeds_->expect_answer(id, to->cookie(), message->seq());
    }
    *news.handed_out += frame;
    next += frame;
  }
  if (to->now_is() == feed::mode::behind)
    advance(*to);
  wake_for(*to);
}

// The alarm need not be set anew for what is due later.
void connection::wake_for(const feed& which) {
  auto due = which.due();
  if (const auto until = stalled_until())
    due = std::min(due.value_or(deadline::max()), *until);
  if (due && (!alarm_.armed() || alarm_.due() > *due))
    loop_->deadlines().arm(alarm_, *due);
}

// Hands out what is pending, and asks for more when there is nothing left.
void connection::advance(feed& which) {
  while (which.has_pending()) {
    const auto frame = which.next_frame(loop_->wall_now());
    if (frame == 0)
      break;
    std::size_t bytes = 0;
    const auto id = frame == 1 ? which.pending(0).message->id() : random_id();
    if (!send_frame(
            which, frame, [&](std::size_t i) { return which.pending(i); }, nullptr, id, bytes)) {
      if (closing())
        return;
      break;
    }
    if (which.counts_acks())
      for (std::size_t i = 0; i < frame; ++i)
        feeds_->expect_answer(id, which.cookie(), which.pending(i).message->seq());
    count(counters().deliveries, frame);
    which.handed_out(frame, loop_->now(), bytes);
  }
  which.count_pending();
  which.shrink();
  if (auto order = which.next_pull())
    self_->request(which.topic, caf::infinite, std::move(*order))
        .then([this, cookie = which.cookie()](
                  messages_pulled& found) { take_pulled(cookie, std::move(found)); },
              [this, cookie = which.cookie()](const caf::error& why) { lose_pull(cookie, why); });
  wake_for(which);
}

void connection::take_pulled(std::uint32_t cookie, messages_pulled found) {
  auto* const to = feeds_ ? feeds_->find(cookie) : nullptr;
  if (!to || closing())
    return;
  to->pulled(std::move(found));
  advance(*to);
}

void connection::lose_pull(std::uint32_t cookie, const caf::error& why) {
  auto* const to = feeds_ ? feeds_->find(cookie) : nullptr;
  if (!to)
    return;
  if (code_of(why) == errc::not_found) {
    drop_feed(cookie);
    return;
  }
  to->pull_failed(loop_->now() + retry_pause);
  wake_for(*to);
}

// One delivery, of one message or of several. What must not be lost waits in its topic when the
// wire has no room; the rest goes to the send queue, where the channel's policy rules.
template <class Get>
bool connection::send_frame(feed& which, std::size_t size, Get get, const first_delivery* ready,
                            const std::string& id, std::size_t& bytes) {
  if (!wire_)
    return false;
  if (queue_.empty()) {
    bytes = build_frame(which, 0, size, get, ready, id);
    if (wire_->send(pieces) != sent::full) {
      told(bytes);
      return true;
    }
  }
  // So does the past, for whoever catches up with it.
  if (which.lossless() || which.has_pending()) {
    if (!stalled_since_)
      stalled_since_ = loop_->now();
    return false;
  }
  // One by one, so that the policy can choose.
  const auto about = which.about;
  const auto before = queue_.dropped();
  for (std::size_t i = 0; i < size && !closing(); ++i) {
    const auto message = get(i).message;
    bytes = build_frame(which, i, 1, get, nullptr, message->id());
    told(bytes);
    const auto& key = message->about().key;
    overflow({std::make_shared<const std::string>(text_frame(joined_pieces())), true,
              key.empty() ? key : about->topic_name + '\n' + key});
  }
  count(about->counters.dropped, queue_.dropped() - before);
  count_drop(drop_cause::slow_consumer, queue_.dropped() - before);
  // The policy may be to close, and the subscriptions are gone with that.
  return !closing();
}

// Leaves the frame in `pieces`; they are good until the next one.
template <class Get>
std::size_t connection::build_frame(const feed& which, std::size_t first, std::size_t size, Get get,
                                    const first_delivery* ready, const std::string& id) {
  const auto& about = *which.about;
  const bool list = size > 1 || about.wrap_one;
  if (ready && !list && about.key_is_plain) {
    pieces.assign({ready->before_key, about.sub_key, ready->after_key});
    return ready->before_key.size() + about.sub_key.size() + ready->after_key.size();
  }
  head = delivery_head(id, loop_->wall_now());
  pieces.assign({head});
  if (list)
    pieces.push_back("[");
  if (gaps.size() < size)
    gaps.resize(size);
  for (std::size_t i = 0; i < size; ++i) {
    const auto next = get(first + i);
    gaps[i] = gap_text(about.sub_key, next.count + 1);
    if (i > 0)
      pieces.push_back(",");
    pieces.insert(pieces.end(), {next.message->before(), gaps[i], next.message->after()});
  }
  if (list)
    pieces.push_back("]");
  pieces.push_back(delivery_end);
  std::size_t bytes = 0;
  for (const auto piece : pieces)
    bytes += piece.size();
  return bytes;
}

void connection::told(std::size_t bytes) {
  count_sent(bytes);
  if (log_)
    note(false, joined_pieces());
}

// A client that reads nothing holds up what waits for it in its topics: when that is too long.
std::optional<deadline> connection::stalled_until() const {
  if (!stalled_since_ || definition_->slow_consumer != slow_consumer::close)
    return std::nullopt;
  return *stalled_since_ + stall_patience;
}

void connection::advance_feeds() {
  stalled_since_.reset();
  for (std::size_t i = 0; feeds_ && i < feeds_->size(); ++i) {
    auto& each = feeds_->all()[i];
    if (each.has_pending() || each.now_is() == feed::mode::behind)
      advance(each);
  }
}

void connection::tick_feeds() {
  if (!feeds_)
    return;
  const auto now = loop_->now();
  if (const auto until = stalled_until(); until && *until <= now) {
    count_limit(limit_kind::send_queue);
    close({close_code::slow_consumer, "Slow consumer", "server"});
    return;
  }
  std::vector<std::uint32_t> due;
  for (auto& each : feeds_->all())
    if (const auto when = each.due(); when && *when <= now)
      due.push_back(each.cookie());
  for (const auto cookie : due) {
    auto* const each = feeds_ ? feeds_->find(cookie) : nullptr;
    if (!each)
      continue;
    if (each->expire_acks(now, loop_->wall_now()))
      advance(*each);
    if (closing())
      return;
    if (each->wants_report(now))
      report(*each);
    if (each->wants_retry(now)) {
      each->retrying();
      if (each->now_is() == feed::mode::joining)
        rejoin(*each);
      else
        advance(*each);
    }
  }
}

void connection::report(feed& which) {
  which.reported();
  if (!which.topic)
    return;
  which.flushed(wire_ ? wire_->queued_bytes() : 0);
  self_->send(which.topic,
              report_progress{which.about->sub_key, which.cookie(),
                              caf::actor_cast<connection_actor>(self_), which.state()});
}

// True when the message was a delivery of ours.
bool connection::acknowledge_answer(const std::string& id) {
  if (!feeds_)
    return false;
  const auto touched = feeds_->answered(id);
  for (auto* const each : touched) {
    each->note_change(loop_->now());
    // Sends nothing that can be too much: what counts acknowledgements waits in the topic.
    advance(*each);
  }
  return !touched.empty();
}

void connection::settle(const settle_messages& order) {
  auto* const which = feeds_ ? feeds_->find(order.cookie) : nullptr;
  // As long as the topic has not answered, nothing was handed out.
  if (!which || !which->about)
    return;
  which->settle(order);
  which->note_change(loop_->now());
  advance(*which);
}

caf::result<subscription_yielded> connection::yield(const yield_subscription& order) {
  auto* const which = feeds_ ? feeds_->find(order.cookie) : nullptr;
  if (which && !which->about) {
    // The answer of the topic is on its way, and not good any more.
    which->answer_askers(
        make_error(errc::conflict, "Another connection has taken the subscription up"));
    drop_feed(order.cookie);
    return make_error(errc::not_found);
  }
  if (!which)
    return make_error(errc::not_found);
  which->flushed(wire_ ? wire_->queued_bytes() : 0);
  subscription_yielded given{which->state()};
  drop_feed(order.cookie);
  return given;
}

// Whatever happens to the connection, its topics learn of it, and lasting subscriptions are left as
// far as they are.
void connection::leave_topics() {
  if (!feeds_)
    return;
  const auto me = caf::actor_cast<connection_actor>(self_);
  for (auto& each : feeds_->all()) {
    each.answer_askers(make_error(errc::connection_closed));
    if (!each.topic)
      continue;
    each.flushed(wire_ ? wire_->queued_bytes() : 0);
    caf::anon_send(each.topic, leave_topic{each.about ? each.about->sub_key : std::string{},
                                           each.cookie(), me, each.state()});
  }
  feeds_ = nullptr;
  counters_->subscriptions.store(0, std::memory_order_relaxed);
}

void connection::drop_feed(std::uint32_t cookie) {
  feeds_->erase(cookie);
  count_feeds();
}

void connection::count_feeds() {
  counters_->subscriptions.store(static_cast<std::uint32_t>(feeds_->size()),
                                 std::memory_order_relaxed);
}

} // namespace muster
