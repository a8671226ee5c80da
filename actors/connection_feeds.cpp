// The subscriptions of a connection: what topics push to it, what it asks them for, what the client
// acknowledges.

#include "actors/connection.hpp"

#include "actors/delivery_frame.hpp"
#include "actors/fetch.hpp"
#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

/// How long a topic that cannot be had is left alone.
constexpr duration retry_pause = std::chrono::seconds{1};

// One for all connections of a thread, which get the same list one after the other.
thread_local delivery_frame frame;

/// So many of a batch, from `first` on, fit into one frame.
std::size_t frame_size(const push_batch& batch, std::size_t first, std::size_t most,
                       timestamp wall_now) {
  const auto all = batch.messages.size();
  if (first == 0 && most >= all && batch.bytes_in_frame <= feed::bytes_a_frame
      && wall_now < batch.first_expiry)
    return all;
  std::size_t bytes = 0;
  std::size_t size = 0;
  for (; size < most && first + size < all; ++size) {
    bytes += batch.messages[first + size]->bytes_in_frame();
    if (size > 0
        && (bytes > feed::bytes_a_frame || batch.messages[first + size]->expired(wall_now)))
      break;
  }
  return size;
}

/// Messages that a topic pushes.
struct pushed_messages {
  const push_batch& batch;
  std::size_t next = 0;

  const publication& at(std::size_t i) const { return *batch.messages[next + i]; }
  /// Of a frame with the next `size`.
  std::string_view id(std::size_t size, std::string& fresh) const {
    if (size == 1)
      return at(0).id();
    if (size == batch.messages.size())
      return batch.id_of_all;
    return fresh = random_id();
  }
  void build(const feed& to, std::size_t first, std::size_t size, std::string_view id,
             timestamp now) const {
    frame.build(*to.about, batch, next + first, size, id, now);
  }
};

/// Messages that wait in their feed.
struct pending_messages {
  const feed& from;

  const publication& at(std::size_t i) const { return *from.pending(i).message; }
  std::string_view id(std::size_t size, std::string& fresh) const {
    if (size == 1)
      return at(0).id();
    return fresh = random_id();
  }
  void build(const feed&, std::size_t first, std::size_t size, std::string_view id,
             timestamp now) const {
    frame.build(from, first, size, id, now);
  }
};

} // namespace

void connection::take(const pushed& news) {
  auto* const to = feeds_ ? feeds_->find(news.cookie) : nullptr;
  if (!to || closing())
    return;
  const auto& batch = *news.batch;
  const auto wall_now = loop_->wall_now();
  std::string fresh_id;
  for (pushed_messages from{batch, to->accept(batch)}; from.next < batch.messages.size();) {
    if (wall_now >= batch.first_expiry && from.at(0).expired(wall_now)) {
      to->pass_over(from.at(0));
      ++from.next;
      continue;
    }
    const auto size = frame_size(batch, from.next, to->about->batch_size, wall_now);
    const auto id = from.id(size, fresh_id);
    std::size_t bytes = 0;
    const bool sent = send_frame(*to, from, size, id, bytes);
    if (closing())
      return;
    if (!sent) {
      to->fall_behind();
      break;
    }
    to->handed_out(std::span{batch.messages}.subspan(from.next, size), loop_->now(), bytes);
    expect_answer(*to, from, size, id);
    *news.handed_out += size;
    from.next += size;
  }
  if (to->now_is() == feed::mode::behind)
    advance(*to);
  wake_for(*to);
}

void connection::fetch(distance how_far) {
  if (how_far == distance::far) {
    fetch_lines(feeds_.get(), 1);
    fetch_lines(wire_.get(), 3);
    fetch_lines(counters_.get(), 2);
    return;
  }
  if (wire_)
    wire_->fetch();
  if (feeds_)
    feeds_->fetch();
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
  std::string fresh_id;
  while (which.has_pending()) {
    const auto size = which.next_frame(loop_->wall_now());
    if (size == 0)
      break;
    const pending_messages from{which};
    const auto id = from.id(size, fresh_id);
    std::size_t bytes = 0;
    if (!send_frame(which, from, size, id, bytes)) {
      if (closing())
        return;
      break;
    }
    expect_answer(which, from, size, id);
    count(counters().deliveries, size);
    which.handed_out(size, loop_->now(), bytes);
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
template <class Source>
bool connection::send_frame(feed& which, const Source& from, std::size_t size, std::string_view id,
                            std::size_t& bytes) {
  if (!wire_)
    return false;
  if (queue_.empty()) {
    from.build(which, 0, size, id, loop_->wall_now());
    bytes = frame.bytes();
    if (wire_->send(frame.pieces()) != sent::full) {
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
    const auto& message = from.at(i);
    from.build(which, i, 1, message.id(), loop_->wall_now());
    bytes = frame.bytes();
    told(bytes);
    const auto& key = message.about().key;
    overflow({std::make_shared<const std::string>(text_frame(frame.text())), true,
              key.empty() ? key : about->topic_name + '\n' + key});
  }
  count(about->counters.dropped, queue_.dropped() - before);
  count_drop(drop_cause::slow_consumer, queue_.dropped() - before);
  // The policy may be to close, and the subscriptions are gone with that.
  return !closing();
}

template <class Source>
void connection::expect_answer(const feed& to, const Source& from, std::size_t size,
                               std::string_view id) {
  if (!to.counts_acks())
    return;
  const std::string of_frame{id};
  for (std::size_t i = 0; i < size; ++i)
    feeds_->expect_answer(of_frame, to.cookie(), from.at(i).seq());
}

void connection::told(std::size_t bytes) {
  count_sent(bytes);
  if (log_)
    note(false, frame.text());
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
