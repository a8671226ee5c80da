#include "actors/topic.hpp"

#include "messages/metrics.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

constexpr std::uint64_t most_bytes = 8U << 20U;

} // namespace

caf::result<messages_pulled> topic::pull(const pull_messages& request) {
  auto* const which = roster_.find(request.sub_key);
  if (!which)
    return make_error(errc::not_found, "There is no such subscription");
  auto answer = self_->make_response_promise<promise<messages_pulled>>();
  if (!request.again.empty()) {
    auto found = std::make_shared<messages_pulled>();
    found->taken = request.taken;
    pull_again(std::make_shared<pull_messages>(request), found, answer);
    return answer;
  }
  which->state.taken = request.taken;
  full_until_ = {};
  auto harvest =
      log_.collect(which->state, request.limit, std::min(request.max_bytes, most_bytes), now());
  count(which->about->counters.dropped, harvest.expired);
  count_drop(drop_cause::expired, harvest.expired);
  if (harvest.on_disk) {
    pull_from_disk(request, *harvest.on_disk, answer);
    return answer;
  }
  count(gauges_->deliveries, harvest.messages.size());
  answer.deliver(messages_pulled{
      std::move(harvest.messages), {}, which->state.taken, harvest.complete, log_.last_seq()});
  return answer;
}

void topic::pull_from_disk(const pull_messages& request, topic_log::harvest::place where,
                           promise<messages_pulled> answer) {
  read_disk(where, request.limit, std::min(request.max_bytes, most_bytes),
            [this, key = request.sub_key, where, taken = roster_.find(request.sub_key)->state.taken,
             answer](caf::expected<log_read> found) mutable {
              auto* const which = roster_.find(key);
              if (!found || !which) {
                answer.deliver(found ? make_error(errc::not_found) : std::move(found.error()));
                return;
              }
              auto& state = which->state;
              messages_pulled out;
              std::uint64_t expired = 0;
              for (auto& message : found->messages) {
                if (!log_.index().find(message->seq()) || state.skips(message->seq()))
                  continue;
                if (message->expired(now()))
                  ++expired;
                else
                  out.messages.push_back(std::move(message));
              }
              count(which->about->counters.dropped, expired + found->damaged.size());
              count_drop(drop_cause::expired, expired);
              count_drop(drop_cause::damaged, found->damaged.size());
              // The marks of this pull: another may have begun meanwhile.
              const bool last = state.taken == taken;
              taken[where.lane] = std::max(taken[where.lane], found->reached);
              if (last)
                state.taken = taken;
              count(gauges_->deliveries, out.messages.size());
              out.taken = std::move(taken);
              out.last_seq = log_.last_seq();
              answer.deliver(std::move(out));
            });
}

// One after the other: they are few, and scattered.
void topic::pull_again(const std::shared_ptr<pull_messages>& request,
                       const std::shared_ptr<messages_pulled>& found,
                       promise<messages_pulled> answer) {
  if (request->again.empty()) {
    found->last_seq = log_.last_seq();
    answer.deliver(std::move(*found));
    return;
  }
  const auto seq = request->again.back();
  request->again.pop_back();
  fetch(seq, [this, request, found, answer](caf::expected<publication_ptr> message) mutable {
    if (!message) {
      answer.deliver(std::move(message.error()));
      return;
    }
    if (*message && !(*message)->expired(now()))
      found->again.insert(found->again.begin(), std::move(*message));
    pull_again(request, found, answer);
  });
}

caf::result<messages_taken> topic::take_queue(const take_messages& request) {
  used_at_ = clock();
  auto* const which = roster_.find(request.sub_key);
  if (!which)
    return make_error(errc::not_found, "There is no such subscription");
  if (which->attached() || which->taking)
    return make_error(errc::conflict, "The subscription's queue is being read by another");
  auto answer = self_->make_response_promise<promise<messages_taken>>();
  if (!which->state.unacked.empty()) {
    which->taking = true;
    take_unacked(std::make_shared<take_messages>(request), std::make_shared<messages_taken>(),
                 answer);
    return answer;
  }
  auto harvest =
      log_.collect(which->state, request.limit, std::min(request.max_bytes, most_bytes), now());
  count(which->about->counters.dropped, harvest.expired);
  count_drop(drop_cause::expired, harvest.expired);
  if (!harvest.on_disk) {
    answer.deliver(settle_taken(*which, {std::move(harvest.messages), {}}));
    return answer;
  }
  which->taking = true;
  read_disk(*harvest.on_disk, request.limit, std::min(request.max_bytes, most_bytes),
            [this, key = request.sub_key, where = *harvest.on_disk,
             answer](caf::expected<log_read> found) mutable {
              auto* const had = roster_.find(key);
              if (!found || !had) {
                if (had)
                  had->taking = false;
                answer.deliver(found ? make_error(errc::not_found) : std::move(found.error()));
                return;
              }
              had->taking = false;
              std::erase_if(found->messages, [&](const publication_ptr& message) {
                return !log_.index().find(message->seq()) || had->state.skips(message->seq())
                       || message->expired(now());
              });
              had->state.taken[where.lane] = std::max(had->state.taken[where.lane], found->reached);
              answer.deliver(settle_taken(*had, {std::move(found->messages), {}}));
            });
  return answer;
}

// What was handed out before and not acknowledged comes first, one after the other.
void topic::take_unacked(const std::shared_ptr<take_messages>& request,
                         const std::shared_ptr<messages_taken>& found,
                         promise<messages_taken> answer) {
  auto* const which = roster_.find(request->sub_key);
  if (!which) {
    answer.deliver(make_error(errc::not_found));
    return;
  }
  if (which->state.unacked.empty() || request->limit == 0 || request->max_bytes == 0) {
    which->taking = false;
    answer.deliver(settle_taken(*which, std::move(*found)));
    return;
  }
  const auto next = which->state.unacked.front();
  fetch(next.seq, [this, request, found, answer,
                   next](caf::expected<publication_ptr> message) mutable {
    auto* const had = roster_.find(request->sub_key);
    if (!message && had) {
      had->taking = false;
      answer.deliver(std::move(message.error()));
      // They are as they were: nobody has got them.
      for (std::size_t i = found->messages.size(); i-- > 0;)
        had->state.unacked.insert(had->state.unacked.begin(),
                                  {found->messages[i]->seq(), found->delivery_counts[i] - 1});
      return;
    }
    if (had)
      std::erase_if(had->state.unacked, [&](const auto& each) { return each.seq == next.seq; });
    if (message && *message && !(*message)->expired(now())) {
      --request->limit;
      request->max_bytes -= std::min<std::uint64_t>(request->max_bytes, (*message)->size());
      found->messages.push_back(std::move(*message));
      found->delivery_counts.push_back(next.count + 1);
    }
    take_unacked(request, found, std::move(answer));
  });
}

messages_taken topic::settle_taken(member& which, messages_taken what) {
  const auto& messages = what.messages;
  which.detached_at = now();
  auto& numbers = which.about->counters;
  count(numbers.delivered, messages.size());
  if (!messages.empty())
    numbers.delivered_seq = messages.back()->seq();
  numbers.acked_seq = which.state.floor();
  count(counters().deliveries, messages.size());
  count(gauges_->deliveries, messages.size());
  full_until_ = {};
  save(which);
  what.delivery_counts.resize(messages.size(), 1);
  return what;
}

void topic::read_disk(topic_log::harvest::place where, std::uint32_t limit, std::uint64_t max_bytes,
                      std::function<void(caf::expected<log_read>)> then) {
  const auto lane = static_cast<std::uint8_t>(where.lane);
  self_
      ->request(house_->reader, caf::infinite,
                read_log{rules_->number, rules_->name, lane, where.after, limit, max_bytes, {}})
      .then(
          [this, where, then, there = stored_up_to_](log_read& found) {
            // The disk may have what this topic was not told of yet.
            std::erase_if(found.messages, [&](const publication_ptr& each) {
              return each->seq() > log_.last_seq();
            });
            found.reached = std::min(found.reached, log_.last_seq());
            note_damage(where, found, there);
            then(std::move(found));
          },
          [then](caf::error& why) { then(std::move(why)); });
}

// What the index has between the first and the last that were read, but the disk has not, expired
// a moment ago.
void topic::note_damage(const topic_log::harvest::place& where, const log_read& found,
                        std::uint64_t there_up_to) {
  if (!found.damaged.empty()) {
    spdlog::error("topic {}: {} messages are damaged on the disk and not served", rules_->name,
                  found.damaged.size());
    forget(found.damaged, drop_cause::damaged);
  }
  std::vector<std::uint64_t> missing;
  const auto reached = found.reached != 0 ? found.reached : there_up_to;
  auto there = found.messages.begin();
  for (auto seq = log_.index().next(where.lane, where.after); seq && *seq <= reached;
       seq = log_.index().next(where.lane, *seq)) {
    while (there != found.messages.end() && (*there)->seq() < *seq)
      ++there;
    if ((there == found.messages.end() || (*there)->seq() != *seq) && !log_.in_memory(*seq))
      missing.push_back(*seq);
  }
  if (!missing.empty())
    forget(missing, drop_cause::expired);
}

// A single message, wherever it is; null when it is gone.
void topic::fetch(std::uint64_t seq, std::function<void(caf::expected<publication_ptr>)> then) {
  const auto entry = log_.index().find(seq);
  if (auto kept = entry ? log_.in_memory(seq) : nullptr; kept || !entry) {
    then(std::move(kept));
    return;
  }
  read_disk({entry->lane, seq - 1}, 1, 1,
            [seq, then = std::move(then)](caf::expected<log_read> found) {
              if (!found) {
                then(std::move(found.error()));
                return;
              }
              const bool is_it = !found->messages.empty() && found->messages.front()->seq() == seq;
              then(is_it ? found->messages.front() : publication_ptr{});
            });
}

void topic::find_first_since(timestamp at, std::function<void(caf::expected<std::uint64_t>)> then) {
  const auto here = log_.first_in_memory(at);
  if (log_.is_in_memory()) {
    then(here.value_or(0));
    return;
  }
  self_->request(house_->reader, caf::infinite, find_since{rules_->number, at})
      .then([here, then](
                const found_since& found) { then(found.seq != 0 ? found.seq : here.value_or(0)); },
            [then](caf::error& why) { then(std::move(why)); });
}

} // namespace muster
