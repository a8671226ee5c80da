#include "actors/topic.hpp"

#include "messages/codec.hpp"
#include "messages/metrics.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace muster {

namespace {

/// At each tick.
constexpr std::size_t looked_at_for_expiry = 2000;
constexpr std::uint64_t trimmed_at_once = 5000;
/// For so few, looking at every subscription is quicker than counting what waits for it.
constexpr std::size_t few_messages = 16;
/// So many ticks until what is slow is looked at.
constexpr std::uint32_t slow_ticks = 5;

} // namespace

topic::topic(handle::pointer self) : self_{self} {}

// It leaves nobody waiting, and tells those who are there, who seek the one that comes after it:
// somebody may have joined one that was just retiring, too.
topic::~topic() {
  const auto why = make_error(errc::unavailable, "The topic has failed");
  if (writing_)
    refuse(*writing_, why);
  for (auto& each : waiting_)
    for (auto& asker : each.who)
      asker.deliver(why);
  for (auto& each : to_push_)
    answer(*each.message, each.who);
  for (auto& [id, who] : repeated_)
    for (auto& asker : who)
      asker.deliver(why);
  for (auto& [id, who] : joining_)
    who.deliver(why);
  roster_.for_each([](const member& each) {
    if (each.attached())
      caf::anon_send(each.connection, topic_lost{each.cookie});
  });
}

topic::handle::behavior_type topic::start(topic_start beginning) {
  rules_ = std::move(beginning.rules);
  house_ = std::move(beginning.addresses);
  era_ = house_->era;
  parent_ = std::move(beginning.parent);
  gauges_ = std::move(beginning.gauges);
  wall_now_ = std::move(beginning.wall_now);
  name = "topic " + rules_->name;
  load(*beginning.stored);
  used_at_ = clock();
  self_->set_exit_handler([this](const caf::exit_msg& order) {
    ending_ = true;
    end_reason_ = order.reason;
    end_when_done();
  });
  self_->delayed_send(self_, std::chrono::seconds{1}, topic_tick{});
  return {
      [this](publish& request) { return take(request); },
      [this](const push_done&) {
        --pushing_;
        push_next();
        end_when_done();
      },
      [this](const write_waiting&) {
        write_gathered();
        end_when_done();
      },
      [this](join_topic& request) {
        auto answer = self_->make_response_promise<promise<topic_joined>>();
        join(std::move(request), {*this, answer});
        return answer;
      },
      [this](const leave_topic& request) { leave(request); },
      [this](const report_progress& report) { note_progress(report); },
      [this](const pull_messages& request) { return pull(request); },
      [this](const subscribe_remotely& request) { return subscribe_remote(request); },
      [this](const take_messages& request) { return take_queue(request); },
      [this](const list_subscriptions&) { return list(); },
      [this](const find_subscription& request) { return find(request); },
      [this](const end_subscription& request) { return end(request); },
      [this](const message_query& request) { return query(request); },
      [this](const delete_messages& request) { return erase(request); },
      [this](const list_publishers&) { return publisher_list{publishers_.list()}; },
      [this](const revise_topic& revision) { revise(revision.definition); },
      [this](const forget_messages& gone) { forget(gone.seqs, drop_cause::expired); },
      [this](const house_ptr& addresses) { house_ = addresses; },
      [](const drill& order) { throw std::runtime_error{order.what}; },
      [this](const topic_tick&) { tick(); },
  };
}

void topic::load(const stored_log& stored) {
  log_.load(stored);
  // One that is not durable goes on where the one that failed was.
  log_.continue_after(gauges_->last_seq.load(std::memory_order_relaxed));
  began_behind_ = log_.last_seq();
  stored_up_to_ = stored.last_seq;
  if (!stored.entries.empty())
    last_published_us_ = stored.entries.back().published_us;
  for (const auto& bytes : stored.subscriptions)
    load_member(bytes);
  end_inactive();
  show();
}

void topic::load_member(const std::string& bytes) {
  auto stored = from_bytes<stored_subscription>(bytes);
  if (!stored) {
    count(counters().damaged_records);
    spdlog::error("topic {}: a subscription is lost: {}", rules_->name, detail_of(stored.error()));
    return;
  }
  member known;
  known.about = std::make_shared<const subscription>(stored->facts);
  known.state = std::move(stored->state);
  known.state.taken.resize(lanes);
  limit_marks(known.state);
  auto& numbers = known.about->counters;
  numbers.delivered = stored->delivered;
  numbers.dropped = stored->dropped;
  numbers.acked_seq = known.state.floor();
  numbers.delivered_seq = *std::max_element(known.state.taken.begin(), known.state.taken.end());
  numbers.unacked = static_cast<std::uint32_t>(known.state.unacked.size());
  known.detached_at = stored->detached_at_us != 0 ? time_of(stored->detached_at_us) : now();
  roster_.add(std::move(known));
}

void topic::revise(const topic_ptr& rules) {
  if (!rules) {
    roster_.for_each([this](const member& each) {
      if (each.attached())
        self_->send(each.connection, end_feed{each.cookie});
    });
    ending_ = true;
    end_reason_ = caf::exit_reason::user_shutdown;
    end_when_done();
    return;
  }
  rules_ = rules;
  full_not_before_ = 0;
  full_until_ = {};
  trim();
}

void topic::end_when_done() {
  if (ending_ && !writing_ && waiting_.empty() && to_push_.empty())
    self_->quit(end_reason_);
}

void topic::tick() {
  publishers_.next_second();
  ++ticks_;
  if (const auto expired = log_.find_expired(now(), looked_at_for_expiry); !expired.empty())
    forget(expired, drop_cause::expired);
  if (ticks_ % slow_ticks == 0) {
    trim();
    end_inactive();
  }
  show();
  if (is_idle())
    self_->send(parent_, retire_topic{rules_->number, caf::actor_cast<topic_actor>(self_)});
  self_->delayed_send(self_, std::chrono::seconds{1}, topic_tick{});
}

bool topic::is_idle() const {
  return roster_.attached() == 0 && waiting_.empty() && to_push_.empty() && !writing_
         && pushing_ == 0 && clock() - used_at_ >= idle_patience
         && (rules_->durable || log_.index().total().count == 0);
}

void topic::trim() {
  const auto oldest =
      now() - std::chrono::duration_cast<timestamp::duration>(seconds{rules_->retention_age});
  const auto up_to = log_.index().excess(
      rules_->retention_count, rules_->retention_bytes,
      std::chrono::duration_cast<std::chrono::seconds>(oldest.time_since_epoch()).count());
  if (up_to != 0)
    trim_to(up_to, drop_cause::retention);
}

void topic::trim_to(std::uint64_t up_to, drop_cause cause) {
  const auto first = log_.index().next(0);
  count_losses(cause, [&] { log_.trim(up_to); });
  show_log();
  if (first && *first <= stored_up_to_)
    trim_disk(*first, std::min(up_to, stored_up_to_));
}

// In steps that nobody waits for long.
void topic::trim_disk(std::uint64_t from, std::uint64_t up_to) {
  const auto here = std::min(up_to, from + trimmed_at_once);
  self_->request(house_->store, caf::infinite, trim_log{rules_->number, here})
      .then(
          [this, here, up_to](const done&) {
            if (here < up_to)
              trim_disk(here + 1, up_to);
          },
          [this](const caf::error& why) {
            spdlog::warn("topic {}: old messages stay on the disk: {}", rules_->name,
                         detail_of(why));
          });
}

void topic::forget(const std::vector<std::uint64_t>& seqs, drop_cause cause) {
  if (seqs.size() <= few_messages) {
    for (const auto seq : seqs)
      forget_one(seq, cause);
  } else {
    count_losses(cause, [&] {
      for (const auto seq : seqs)
        log_.erase(seq);
    });
  }
  show_log();
}

void topic::forget_one(std::uint64_t seq, drop_cause cause) {
  const auto entry = log_.index().find(seq);
  if (!entry)
    return;
  log_.erase(seq);
  if (!roster_.has_lasting())
    return;
  std::uint64_t losers = 0;
  roster_.for_each([&](const member& each) {
    if (each.attached() || seq <= each.state.taken[entry->lane] || each.state.skips(seq))
      return;
    count(each.about->counters.dropped);
    ++losers;
  });
  count_drop(cause, losers);
}

// The lasting subscription that is the furthest behind; null when there is none.
const member* topic::hindmost() {
  const member* last = nullptr;
  std::uint64_t least = 0;
  if (roster_.has_lasting())
    roster_.for_each([&](const member& each) {
      if (!each.about->durable)
        return;
      const auto mark = mark_of(each);
      if (!last || mark < least) {
        last = &each;
        least = mark;
      }
    });
  return last;
}

// Those that are there find out by themselves what they miss.
void topic::count_losses(drop_cause cause, const std::function<void()>& change) {
  std::vector<std::pair<member*, std::uint64_t>> before;
  if (roster_.has_lasting())
    roster_.for_each([&](member& each) {
      if (each.attached())
        return;
      if (const auto depth = log_.waiting(each.state).count)
        before.emplace_back(&each, depth);
    });
  change();
  for (const auto& [each, depth] : before) {
    const auto lost = depth - std::min(depth, log_.waiting(each->state).count);
    count(each->about->counters.dropped, lost);
    count_drop(cause, lost);
  }
}

// What lists show must not lag behind what was answered.
void topic::show_log() {
  const auto& total = log_.index().total();
  gauges_->messages.store(total.count, std::memory_order_relaxed);
  gauges_->bytes.store(total.bytes, std::memory_order_relaxed);
  gauges_->last_seq.store(log_.last_seq(), std::memory_order_relaxed);
  gauges_->subscriptions.store(roster_.size(), std::memory_order_relaxed);
  gauges_->attached.store(roster_.attached(), std::memory_order_relaxed);
}

void topic::show() {
  show_log();
  gauges_->lately.store(publishers_.lately(), std::memory_order_relaxed);
  const auto* const last = hindmost();
  gauges_->depth.store(last ? depth_of(*last) : 0, std::memory_order_relaxed);
}

} // namespace muster
