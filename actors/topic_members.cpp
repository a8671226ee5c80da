#include "actors/topic.hpp"

#include "messages/codec.hpp"
#include "messages/metrics.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

constexpr std::size_t most_early_leavers = 10'000;

caf::error no_such_subscription() {
  return make_error(errc::not_found, "There is no such subscription");
}

caf::error taken_up_elsewhere() {
  return make_error(errc::conflict, "Another connection has taken the subscription up");
}

} // namespace

void topic::join(join_topic request, join_answer answer) {
  used_at_ = clock();
  if (left_early_.erase({request.connection.address(), request.cookie}) != 0) {
    answer.deliver(make_error(errc::connection_closed));
    return;
  }
  if (request.known) {
    rejoin(request, std::move(answer));
    return;
  }
  member* which = nullptr;
  const auto& channel = request.from->channel;
  if (!request.sub_key.empty()) {
    which = roster_.find(request.sub_key);
    if (!which || !which->about->durable) {
      answer.deliver(no_such_subscription());
      return;
    }
    if (which->about->channel != channel || which->about->client_id != request.client_id) {
      answer.deliver(make_error(errc::forbidden, "The subscription is another client's"));
      return;
    }
  } else {
    which = roster_.find_lasting(channel, request.client_id);
    // Two connections of one client may each have a passing subscription beside a lasting one.
    if (which && which->attached() && !request.options.durable)
      which = nullptr;
  }
  if (!which)
    make_member(std::move(request), std::move(answer));
  else if (which->attached())
    take_over(*which, std::move(request), std::move(answer));
  else
    take_up(*which, request, std::move(answer));
}

void topic::take_up(member& which, const join_topic& request, join_answer answer) {
  roster_.attach(which, request);
  which.resumed_at = now();
  full_until_ = {};
  save(which);
  answer.deliver(joined(which));
}

// The connection that has it gives it away first, with how far it is. Whoever asked last has it in
// the end.
void topic::take_over(const member& which, join_topic request, join_answer answer) {
  const auto key = which.about->sub_key;
  auto again = [this, key, from = which.connection, cookie = which.cookie,
                request = std::move(request),
                answer = std::move(answer)](const subscription_state* state) mutable {
    auto* const had = roster_.find(key);
    if (had && had->is(from, cookie)) {
      if (state) {
        had->state.taken = state->taken;
        had->state.unacked = state->unacked;
      }
      roster_.detach(*had, now());
      // Who comes may be gone again.
      save(*had);
    }
    join(std::move(request), std::move(answer));
  };
  self_->request(which.connection, caf::infinite, yield_subscription{which.cookie})
      .then([again](const subscription_yielded& yielded) mutable { again(&yielded.state); },
            [again](const caf::error&) mutable { again(nullptr); });
}

// A connection that outlived the topic comes back with what it has.
void topic::rejoin(const join_topic& request, join_answer answer) {
  const bool restored = request.era != era_;
  auto* which = restored ? find_restored(request) : roster_.find(request.known->sub_key);
  if (!which && restored) {
    answer.deliver(no_such_subscription());
    return;
  }
  if (which && which->attached() && !which->is(request.connection, request.cookie)) {
    answer.deliver(taken_up_elsewhere());
    return;
  }
  if (!which) {
    member known;
    known.about = request.known;
    which = &roster_.add(std::move(known));
  }
  if (!restored) {
    which->state.taken = request.state.taken;
    which->state.unacked = request.state.unacked;
    limit_marks(which->state);
  }
  roster_.attach(*which, request);
  answer.deliver(joined(*which));
}

// Since a backup was taken up only what is stored counts: a lasting one is there or not, a passing
// one goes on with what has been published since.
member* topic::find_restored(const join_topic& request) {
  const auto& known = *request.known;
  if (auto* const stored = roster_.find(known.sub_key))
    return stored;
  if (known.durable || topic_number_of(known.sub_key) != rules_->number)
    return nullptr;
  member passing;
  passing.about = std::make_shared<const subscription>(subscription_facts{known});
  passing.state.take_all(began_behind_);
  return &roster_.add(std::move(passing));
}

// A log that is only in memory may have begun anew.
void topic::limit_marks(subscription_state& state) const {
  if (!rules_->durable)
    for (auto& mark : state.taken)
      mark = std::min(mark, log_.last_seq());
}

void topic::make_member(join_topic request, join_answer answer) {
  if (roster_.size() >= max_subscriptions) {
    answer.deliver(make_error(errc::unavailable, "The topic has too many subscriptions"));
    return;
  }
  const auto& from = request.options.from;
  switch (from.what) {
  case start_point::kind::fresh:
    begin(request, log_.last_seq(), std::move(answer));
    return;
  case start_point::kind::first:
    begin(request, 0, std::move(answer));
    return;
  case start_point::kind::sequence:
    begin(request, from.seq == 0 ? 0 : from.seq - 1, std::move(answer));
    return;
  case start_point::kind::time:
    break;
  }
  find_first_since(from.at, [this, request = std::move(request),
                             answer = std::move(answer)](caf::expected<std::uint64_t> seq) mutable {
    if (seq)
      begin(request, *seq == 0 ? log_.last_seq() : *seq - 1, std::move(answer));
    else
      answer.deliver(std::move(seq.error()));
  });
}

subscription_facts topic::new_facts(const std::string& channel,
                                    const std::string& client_id) const {
  subscription_facts facts;
  facts.sub_key = make_sub_key(client_id, rules_->number);
  facts.topic_name = rules_->name;
  facts.channel = channel;
  facts.client_id = client_id;
  facts.subscribed_at_us = microseconds_of(now());
  return facts;
}

void topic::begin(const join_topic& request, std::uint64_t taken, join_answer answer) {
  // While the disk was asked where to begin the client may have asked again, or have gone.
  if (request.options.durable && roster_.find_lasting(request.from->channel, request.client_id)) {
    join(request, std::move(answer));
    return;
  }
  if (left_early_.erase({request.connection.address(), request.cookie}) != 0) {
    answer.deliver(make_error(errc::connection_closed));
    return;
  }
  auto facts = new_facts(request.from->channel, request.client_id);
  facts.ack = request.options.ack;
  facts.durable = request.options.durable;
  facts.wrap_one = request.options.wrap_one;
  facts.batch_size = request.options.batch_size;
  facts.policy = request.policy;
  member fresh;
  fresh.about = std::make_shared<const subscription>(std::move(facts));
  fresh.state.take_all(taken);
  auto& kept = roster_.add(std::move(fresh));
  roster_.attach(kept, request);
  full_not_before_ = 0;
  const auto made = [this](const member& which) {
    auto out = joined(which);
    out.fresh = true;
    return out;
  };
  if (!kept.about->durable) {
    answer.deliver(made(kept));
    return;
  }
  store_new(kept, [answer, made, connection = request.connection,
                   cookie = request.cookie](caf::expected<const member*> stored) mutable {
    if (!stored)
      answer.deliver(std::move(stored.error()));
    else if ((*stored)->is(connection, cookie))
      answer.deliver(made(**stored));
    else
      answer.deliver(taken_up_elsewhere());
  });
}

// A lasting subscription is there when it is on the disk.
void topic::store_new(const member& fresh, std::function<void(caf::expected<const member*>)> then) {
  const auto key = fresh.about->sub_key;
  self_->request(house_->store, caf::infinite, record_of(fresh))
      .then(
          [this, key, then](const done&) {
            if (const auto* const which = roster_.find(key))
              then(which);
            else
              then(no_such_subscription());
          },
          [this, key, then](const caf::error& why) {
            if (const auto* const which = roster_.find(key))
              roster_.erase(*which);
            then(make_error(errc::unavailable,
                            "The subscription cannot be stored: " + detail_of(why)));
          });
}

topic_joined topic::joined(const member& which) {
  show_log();
  topic_joined out{which.about,
                   which.state,
                   rules_,
                   log_.last_seq(),
                   log_.waiting(which.state).count + which.state.unacked.size(),
                   era_};
  out.state.skipped.clear();
  return out;
}

void topic::leave(const leave_topic& request) {
  auto* const which = request.sub_key.empty() ? roster_.find(request.connection, request.cookie)
                                              : roster_.find(request.sub_key);
  if (!which && request.sub_key.empty())
    left_early_.emplace(request.connection.address(), request.cookie);
  if (!which || !which->is(request.connection, request.cookie))
    return;
  // It never learnt of its subscription.
  if (request.sub_key.empty()) {
    leave({which->about->sub_key, request.cookie, request.connection, which->state});
    return;
  }
  used_at_ = clock();
  full_not_before_ = 0;
  full_until_ = {};
  if (which->about->durable) {
    which->state.taken = request.state.taken;
    which->state.unacked = request.state.unacked;
    roster_.detach(*which, now());
    which->about->counters.unacked = static_cast<std::uint32_t>(which->state.unacked.size());
    save(*which);
  } else {
    roster_.erase(*which);
  }
  show_log();
}

void topic::note_progress(const report_progress& report) {
  auto* const which = roster_.find(report.sub_key);
  if (!which || !which->is(report.connection, report.cookie))
    return;
  which->state.taken = report.state.taken;
  which->state.unacked = report.state.unacked;
  full_until_ = {};
  save(*which);
}

caf::result<subscription_info> topic::subscribe_remote(const subscribe_remotely& request) {
  used_at_ = clock();
  auto answer = self_->make_response_promise<promise<subscription_info>>();
  if (const auto* const known = roster_.find_lasting(request.channel, request.client_id)) {
    answer.deliver(describe(*known));
    return answer;
  }
  auto facts = new_facts(request.channel, request.client_id);
  facts.durable = true;
  facts.policy = request.policy;
  member fresh;
  fresh.about = std::make_shared<const subscription>(std::move(facts));
  fresh.state.take_all(log_.last_seq());
  fresh.detached_at = now();
  full_not_before_ = 0;
  store_new(roster_.add(std::move(fresh)),
            [this, answer](caf::expected<const member*> stored) mutable {
              if (stored)
                answer.deliver(describe(**stored));
              else
                answer.deliver(std::move(stored.error()));
            });
  return answer;
}

caf::result<subscription_info> topic::find(const find_subscription& request) {
  const auto* const which = request.sub_key.empty()
                                ? roster_.find_lasting(request.channel, request.client_id)
                                : roster_.find(request.sub_key);
  if (!which)
    return no_such_subscription();
  return describe(*which);
}

caf::result<done> topic::end(const end_subscription& request) {
  const auto* const which = roster_.find(request.sub_key);
  if (!which)
    return no_such_subscription();
  if (which->attached())
    self_->send(which->connection, end_feed{which->cookie});
  const bool durable = which->about->durable;
  roster_.erase(*which);
  show_log();
  full_not_before_ = 0;
  full_until_ = {};
  if (!durable)
    return done{};
  auto answer = self_->make_response_promise<promise<done>>();
  self_->request(house_->store, caf::infinite, erase_subscription{rules_->number, request.sub_key})
      .then([answer](const done&) mutable { answer.deliver(done{}); },
            [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
  return answer;
}

put_subscription topic::record_of(const member& which) const {
  stored_subscription record;
  record.facts = *which.about;
  record.state = which.state;
  const auto& numbers = which.about->counters;
  record.delivered = numbers.delivered.load(std::memory_order_relaxed);
  record.dropped = numbers.dropped.load(std::memory_order_relaxed);
  record.detached_at_us = which.attached() ? 0 : microseconds_of(which.detached_at);
  return {rules_->number, which.about->sub_key, to_bytes(record)};
}

void topic::save(const member& which) {
  self_->request(house_->store, caf::infinite, record_of(which))
      .then([](const done&) {},
            [this](const caf::error& why) {
              spdlog::warn("topic {}: how far a subscription is was not stored: {}", rules_->name,
                           detail_of(why));
            });
}

// And notes when the next one is due, for a time when this actor sleeps.
void topic::end_inactive() {
  // Whoever left before it had joined, and has not come for long.
  if (left_early_.size() > most_early_leavers)
    left_early_.clear();
  const auto patience =
      std::chrono::duration_cast<timestamp::duration>(seconds{rules_->limit_sub_inactivity});
  std::vector<std::string> over;
  auto next = timestamp::max();
  if (roster_.has_lasting())
    roster_.for_each([&](const member& each) {
      if (each.attached() || !each.about->durable)
        return;
      if (each.detached_at + patience <= now())
        over.push_back(each.about->sub_key);
      else
        next = std::min(next, each.detached_at + patience);
    });
  gauges_->wake_at_us = next == timestamp::max() ? 0 : microseconds_of(next);
  for (const auto& key : over) {
    spdlog::info("topic {}: subscription {} was not taken up in time and ends", rules_->name, key);
    roster_.erase(*roster_.find(key));
    self_->request(house_->store, caf::infinite, erase_subscription{rules_->number, key})
        .then([](const done&) {}, [](const caf::error&) {});
  }
  if (!over.empty())
    full_not_before_ = 0;
}

// A connection that follows has handed out more than the topic was told of.
subscription_state topic::state_of(const member& which) const {
  auto state = which.state;
  if (const auto followed = which.about->counters.followed.load(std::memory_order_relaxed);
      which.attached() && followed != 0)
    state.take_all(followed);
  return state;
}

// Everything up to there was handed out.
std::uint64_t topic::mark_of(const member& which) const {
  const auto followed = which.about->counters.followed.load(std::memory_order_relaxed);
  if (which.attached() && followed != 0)
    return followed;
  return *std::min_element(which.state.taken.begin(), which.state.taken.end());
}

std::uint64_t topic::depth_of(const member& which) const {
  if (!which.attached())
    return log_.waiting(which.state).count + which.state.unacked.size();
  const auto& numbers = which.about->counters;
  const std::uint64_t there = numbers.unacked.load(std::memory_order_relaxed)
                              + numbers.pending.load(std::memory_order_relaxed);
  if (numbers.followed.load(std::memory_order_relaxed) >= log_.last_seq())
    return there;
  return log_.waiting(state_of(which)).count + there;
}

subscription_info topic::describe(const member& which) const {
  subscription_info out;
  out.about = which.about;
  if (which.from) {
    out.connection_id = which.from->id;
    out.connected_at = which.from->connected_at;
  }
  out.resumed_at = which.resumed_at;
  out.detached_at = which.detached_at;
  const auto state = state_of(which);
  const auto waiting = log_.waiting(state);
  out.depth = depth_of(which);
  out.depth_bytes = waiting.bytes;
  out.last_seq = log_.last_seq();
  if (const auto oldest = log_.oldest(state))
    if (const auto entry = log_.index().find(*oldest)) {
      const auto published = timestamp{std::chrono::seconds{entry->published_s}};
      out.oldest_age = std::max(0.0, seconds{now() - published}.count());
    }
  return out;
}

subscription_list topic::list() {
  subscription_list out;
  roster_.for_each([&](const member& each) { out.items.push_back(describe(each)); });
  return out;
}

} // namespace muster
