#include "actors/topic.hpp"

#include "actors/fetch.hpp"
#include "actors/home.hpp"
#include "actors/log_records.hpp"
#include "actors/turn.hpp"
#include "messages/codec.hpp"
#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <map>
#include <utility>

namespace muster {

namespace {

/// What goes to the disk at once.
constexpr std::size_t batch_messages = 1000;
constexpr std::size_t batch_bytes = 4U << 20U;
/// What is handed to the loops at once, and how often before they must say that they are through.
constexpr std::size_t push_messages = 256;
constexpr std::size_t pushes_a_loop = 4;
/// So often the loop looks for more publications before it hands out what it has; it stops when it
/// has found none so often one after the other. Once is too soon: a publisher on another core is
/// still writing. Then a frame to 100 had 4.4 messages, not 5.8, and each cost two thirds more.
constexpr int most_looks = 8;
constexpr int enough_quiet_looks = 2;
/// So many connections get something before their loop looks at what else there is.
constexpr std::size_t recipients_a_turn = 256;
/// How long a verdict holds that a queue is full.
constexpr duration full_patience = std::chrono::milliseconds{100};

caf::error too_much() {
  return make_error(errc::unavailable, "The topic has too much to do");
}

/// With thousands of connections each of them is out of the cache when its turn comes: it is
/// fetched before, step by step. To 10,000 that is a fifth of what a delivery costs outside of the
/// kernel.
constexpr std::size_t many = 512; // fewer stay in the cache
void fetch_soon(const roster::slice& all, std::size_t next, std::size_t end) {
  const auto actor_of = [](const roster::recipient& who) {
    return caf::actor_cast<caf::abstract_actor*>(who.connection);
  };
  const auto approach = [&](std::size_t which, push_receiver::distance how_far) {
    // Of an actor that has ended there is no state any more.
    if (which < end && !actor_of(all[which])->getf(caf::abstract_actor::is_cleaned_up_flag))
      all[which].pushes->fetch(how_far);
  };
  if (const auto which = next + 6; which < end) {
    fetch_lines(actor_of(all[which]), 1);
    fetch_lines(all[which].pushes, 4);
  }
  approach(next + 4, push_receiver::distance::far);
  approach(next + 2, push_receiver::distance::near);
}

/// Hands a batch to those of one loop, some a turn.
struct push_task {
  std::shared_ptr<const roster::slice> to;
  std::shared_ptr<const push_batch> what;
  home* where = nullptr;
  topic::handle back;
  std::shared_ptr<topic_gauges> gauges;
  std::size_t position = 0;

  void operator()() {
    std::uint64_t handed_out = 0;
    const auto end = std::min(position + recipients_a_turn, to->size());
    for (; position < end; ++position) {
      const auto& who = (*to)[position];
      if (to->size() >= many)
        fetch_soon(*to, position, end);
      take_direct_turn(who.connection, *who.pushes, *where,
                       pushed{who.cookie, what.get(), &handed_out});
    }
    count(gauges->deliveries, handed_out);
    count(counters().deliveries, handed_out);
    if (position < to->size())
      where->post(*this);
    else
      caf::anon_send(back, push_done{});
  }
};

} // namespace

caf::result<published> topic::take(publish& request) {
  used_at_ = clock();
  if (!request.msg_id.empty()) {
    if (log_.find_own(request.msg_id))
      return published{request.msg_id, *log_.find_own(request.msg_id)};
    if (const auto waits = repeated_.find(request.msg_id); waits != repeated_.end()) {
      if (is_busy()) {
        count(counters().publications_refused);
        return too_much();
      }
      ++repeats_;
      auto answer = self_->make_response_promise<promise<published>>();
      waits->second.push_back(answer);
      return answer;
    }
  }
  if (auto why = refusal_of(request)) {
    count(counters().publications_refused);
    return why;
  }
  publishers_.note(request.publisher, request.channel, now());
  count(counters().publications);
  count(gauges_->publications);
  if (roster_.empty() && rules_->on_no_subscribers == no_subscribers::drop) {
    const auto id = request.msg_id.empty() ? make_msg_id(0) : std::move(request.msg_id);
    return published{id, 0};
  }
  auto answer = self_->make_response_promise<promise<published>>();
  if (!request.msg_id.empty())
    repeated_.try_emplace(request.msg_id);
  waiting_.push_back({to_message(request), {answer}});
  write_soon();
  return answer;
}

bool topic::is_busy() const {
  return waiting_.size() + to_push_.size() + repeats_ >= max_waiting;
}

caf::error topic::refusal_of(const publish& request) {
  if (ending_)
    return make_error(errc::unavailable, "The topic is ending, try again");
  if (!rules_->is_active)
    return make_error(errc::unavailable, "The topic is not active");
  if (request.data.size() > rules_->max_message_bytes)
    return make_error(errc::too_large, "The message is larger than the topic allows ("
                                           + std::to_string(rules_->max_message_bytes) + " bytes)");
  if (is_busy())
    return too_much();
  if (is_full())
    return make_error(errc::unavailable, "The topic is full");
  return {};
}

topic_message topic::to_message(publish& request) const {
  topic_message made;
  made.own_id = !request.msg_id.empty();
  made.msg_id = std::move(request.msg_id);
  made.data = std::move(request.data);
  made.priority = request.priority;
  if (!request.mime_type.empty())
    made.mime_type = std::move(request.mime_type);
  made.correl_id = std::move(request.correl_id);
  made.in_reply_to = std::move(request.in_reply_to);
  made.ext_client_id = std::move(request.ext_client_id);
  made.ext_pub_time = std::move(request.ext_pub_time);
  if (rules_->conflate)
    made.key = std::move(request.key);
  made.publisher = std::move(request.publisher);
  made.channel = std::move(request.channel);
  const auto most = rules_->limit_message_expiry;
  made.expiration = request.expiration > 0 ? std::min(request.expiration, most) : most;
  return made;
}

// Who loses nothing holds publishers up; for the others there is a policy. What waits is at most
// what was published behind the mark: only where that is too much it is counted.
bool topic::is_full() {
  const auto next = log_.last_seq() + unkept() + 1;
  if (next < full_not_before_)
    return false;
  if (clock() < full_until_)
    return true;
  const auto most = rules_->max_depth;
  bool full = roster_.empty() && log_.index().total().count + unkept() >= most;
  std::uint64_t worst = 0;
  if (roster_.has_lasting())
    roster_.for_each([&](member& each) {
      if (!each.about->durable || full)
        return;
      const auto published = next - std::min(next, mark_of(each) + 1) + each.state.unacked.size();
      if (published < most) {
        worst = std::max(worst, published);
        return;
      }
      const auto depth = depth_of(each) + unkept();
      worst = std::max(worst, std::min(depth, most - 1));
      if (depth >= most && each.about->policy == slow_consumer::close)
        full = true;
      else if (depth >= most)
        drop_beyond_depth(each, depth, next);
    });
  if (full)
    full_until_ = clock() + full_patience;
  else
    full_not_before_ = roster_.empty() ? 0 : next + (most - worst);
  return full;
}

// In steps, so that one who is away for long costs little.
void topic::drop_beyond_depth(member& which, std::uint64_t depth, std::uint64_t next) {
  const auto spare = rules_->max_depth / 64;
  std::uint64_t dropped = 0;
  if (which.about->policy == slow_consumer::drop_newest) {
    if (which.state.skips(next))
      return;
    which.state.skip(next, next + spare);
    dropped = spare + 1;
  } else {
    for (; dropped <= depth - rules_->max_depth + spare; ++dropped) {
      const auto oldest = log_.oldest(which.state);
      if (!oldest)
        break;
      // A connection has marks of its own.
      if (which.attached())
        which.state.skip(*oldest, *oldest);
      else
        which.state.taken[log_.index().find(*oldest)->lane] = *oldest;
    }
  }
  count(which.about->counters.dropped, dropped);
  count_drop(drop_cause::depth, dropped);
}

// What has come meanwhile goes along: one transaction, and one turn of each subscriber. Not before
// the loop has looked at its sockets again, and as long as that brings more, up to a bound: with
// 100 subscribers and eight publications under way a delivery costs a third less, and is there
// sooner.
void topic::write_soon() {
  if (writing_ || std::exchange(write_is_due_, true))
    return;
  looks_ = 0;
  quiet_looks_ = 0;
  look_again();
}

void topic::look_again() {
  ++looks_;
  gathered_ = waiting_.size();
  if (auto* const here = dynamic_cast<home*>(self_->context()))
    here->post([me = caf::actor_cast<handle>(self_)] { caf::anon_send(me, write_waiting{}); });
  else
    self_->send(self_, write_waiting{});
}

void topic::write_gathered() {
  quiet_looks_ = waiting_.size() > gathered_ ? 0 : quiet_looks_ + 1;
  if (quiet_looks_ < enough_quiet_looks && looks_ < most_looks && waiting_.size() < push_messages) {
    look_again();
    return;
  }
  write_is_due_ = false;
  write_next();
}

void topic::write_next() {
  if (writing_ || waiting_.empty())
    return;
  auto all = std::make_shared<batch>();
  std::size_t bytes = 0;
  while (!waiting_.empty() && all->size() < batch_messages && bytes < batch_bytes) {
    bytes += waiting_.front().message.data.size();
    all->push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  number(*all);
  if (rules_->durable) {
    store(all);
    return;
  }
  keep(*all);
  // The batch may not have been all of it, and nobody answers for the rest as the store does.
  if (!waiting_.empty())
    write_soon();
}

// Nobody knows of the numbers yet: should the disk refuse, the next batch gets them.
void topic::number(batch& all) {
  auto seq = log_.last_seq();
  last_published_us_ = std::max(last_published_us_, microseconds_of(now()));
  for (auto& [message, who] : all) {
    message.seq = ++seq;
    message.published_us = last_published_us_;
    message.expires_us =
        last_published_us_ + static_cast<std::int64_t>(message.expiration * 1'000'000);
    if (message.msg_id.empty())
      message.msg_id = make_msg_id(seq);
  }
}

void topic::store(const std::shared_ptr<batch>& all) {
  append_messages order;
  order.topic = rules_->number;
  std::map<std::string, std::uint64_t> keys;
  for (const auto& [message, who] : *all) {
    order.records.push_back(to_record(message));
    if (message.key.empty())
      continue;
    auto [known, fresh] = keys.try_emplace(message.key, message.seq);
    const auto replaced =
        fresh ? log_.holder_of(message.key) : std::exchange(known->second, message.seq);
    if (!replaced)
      continue;
    const auto in_log = log_.index().find(*replaced);
    const auto lane =
        in_log ? in_log->lane : order.records[*replaced - all->front().message.seq].lane;
    order.replaced.push_back({lane, *replaced});
  }
  writing_ = all;
  self_->request(house_->store, caf::infinite, std::move(order))
      .then(
          [this, all](const done&) {
            writing_ = nullptr;
            stored_up_to_ = all->back().message.seq;
            keep(*all);
            write_next();
            end_when_done();
          },
          [this, all](const caf::error& why) {
            writing_ = nullptr;
            refuse(*all, why);
            write_next();
            end_when_done();
          });
}

void topic::keep(batch& all) {
  for (auto& [message, who] : all) {
    if (const auto replaced = log_.holder_of(message.key))
      forget({*replaced}, drop_cause::conflated);
    auto kept = std::make_shared<const publication>(std::move(message), rules_->name);
    log_.add(kept, rules_->durable);
    to_push_.push_back({std::move(kept), std::move(who)});
  }
  show_log();
  gauges_->last_published_us.store(last_published_us_, std::memory_order_relaxed);
  const auto& total = log_.index().total();
  if (total.count > rules_->retention_count + rules_->retention_count / 64
      || total.bytes > rules_->retention_bytes + rules_->retention_bytes / 64)
    trim();
  push_next();
}

void topic::refuse(batch& all, const caf::error& why) {
  count(counters().publications_refused, all.size());
  const auto told =
      make_error(errc::unavailable, "The message cannot be stored: " + detail_of(why));
  spdlog::warn("topic {}: {} messages were refused: {}", rules_->name, all.size(), detail_of(why));
  for (auto& [message, who] : all) {
    add_repeats(message.own_id, message.msg_id, who);
    for (auto& asker : who)
      asker.deliver(told);
  }
}

void topic::add_repeats(bool own_id, const std::string& msg_id, askers& who) {
  if (!own_id)
    return;
  auto more = repeated_.extract(msg_id);
  if (!more)
    return;
  who.insert(who.end(), more.mapped().begin(), more.mapped().end());
  repeats_ -= more.mapped().size();
}

void topic::answer(const publication& message, askers& who) {
  add_repeats(message.about().own_id, message.id(), who);
  for (auto& asker : who)
    asker.deliver(published{message.id(), message.seq()});
}

// A publisher waits until its message is on its way: nobody publishes faster than the loops hand
// out.
void topic::push_next() {
  while (!to_push_.empty()) {
    const auto& loops = roster_.recipients();
    if (pushing_ >= pushes_a_loop * std::max<std::size_t>(loops.size(), 1))
      return;
    auto what = std::make_shared<push_batch>();
    what->rules = rules_;
    const auto count = std::min(push_messages, to_push_.size());
    for (std::size_t i = 0; i < count; ++i) {
      const auto& message = to_push_[i].message;
      what->add(message);
      if (!loops.empty())
        what->first_deliveries.emplace_back(*message, now());
    }
    if (!loops.empty() && count > 1) {
      what->id_of_all = random_id();
      what->head_of_all = delivery_head(what->id_of_all, now());
    }
    push_out(what);
    for (std::size_t i = 0; i < count; ++i) {
      answer(*to_push_.front().message, to_push_.front().who);
      to_push_.pop_front();
    }
  }
}

void topic::push_out(const std::shared_ptr<const push_batch>& what) {
  for (const auto& [where, to] : roster_.recipients()) {
    ++pushing_;
    where->post(push_task{to, what, where, caf::actor_cast<handle>(self_), gauges_});
  }
}

} // namespace muster
