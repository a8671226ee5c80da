// What people do with the messages of a topic and of its queues: look, search, delete.

#include "actors/topic.hpp"

#include "messages/metrics.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

/// So many messages are looked at for one page, at most, and so many at a time.
constexpr std::size_t looked_at_a_page = 20'000;
constexpr std::size_t looked_at_once = 256;
constexpr std::uint64_t bytes_at_once = 8U << 20U;

caf::error no_such_message() {
  return make_error(errc::not_found, "There is no such message");
}

} // namespace

/// A page in the making.
struct topic::browsing {
  message_query wanted;
  message_page page;
  promise<message_page> answer;
  /// Only what waits for this one; null: everything.
  std::optional<subscription_state> queue;
  std::size_t looked_at = 0;
  /// Of the messages looked at now, those that are read, and how many lanes are still to come.
  std::vector<publication_ptr> found;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  std::vector<std::size_t> lanes_left;

  bool wants(std::uint64_t seq, std::size_t lane) const {
    if (!queue)
      return true;
    const bool unacked = std::any_of(queue->unacked.begin(), queue->unacked.end(),
                                     [&](const auto& each) { return each.seq == seq; });
    return unacked || (seq > queue->taken[lane] && !queue->skips(seq));
  }
};

caf::result<message_page> topic::query(const message_query& request) {
  auto work = std::make_shared<browsing>();
  work->wanted = request;
  work->page.total = log_.index().total().count;
  work->page.reached_seq = request.after_seq;
  if (!request.sub_key.empty()) {
    const auto* const which = roster_.find(request.sub_key);
    if (!which)
      return make_error(errc::not_found, "There is no such subscription");
    work->queue = state_of(*which);
    work->page.total = depth_of(*which);
  }
  work->answer = self_->make_response_promise<promise<message_page>>();
  if (request.msg_id.empty()) {
    browse(work);
    return work->answer;
  }
  locate(request.msg_id, [work](caf::expected<publication_ptr> found) {
    if (!found) {
      work->answer.deliver(std::move(found.error()));
      return;
    }
    if (*found && work->wants((*found)->seq(), (*found)->lane()))
      work->page.messages.push_back(std::move(*found));
    work->answer.deliver(std::move(work->page));
  });
  return work->answer;
}

// Some messages at a time, lane by lane, until the page is full or enough was looked at.
void topic::browse(const std::shared_ptr<browsing>& work) {
  auto& w = *work;
  const auto next = [&](std::uint64_t from) {
    if (!w.wanted.newest_first)
      return log_.index().next(from);
    return log_.index().previous(from == 0 ? log_.last_seq() + 1 : from);
  };
  std::vector<bool> used(lanes, false);
  std::size_t count = 0;
  w.found.clear();
  w.lanes_left.clear();
  auto seq = next(w.page.reached_seq);
  w.first = seq.value_or(0);
  for (; seq && count < looked_at_once; seq = next(*seq)) {
    const auto entry = log_.index().find(*seq);
    w.page.reached_seq = *seq;
    w.last = *seq;
    ++count;
    if (!w.wants(*seq, entry->lane))
      continue;
    if (auto kept = log_.in_memory(*seq))
      w.found.push_back(std::move(kept));
    else
      used[entry->lane] = true;
  }
  w.looked_at += count;
  w.page.more = seq.has_value();
  for (std::size_t lane = 0; lane < lanes; ++lane)
    if (used[lane])
      w.lanes_left.push_back(lane);
  browse_disk(work, std::min(w.first, w.last) - 1);
}

void topic::browse_disk(const std::shared_ptr<browsing>& work, std::uint64_t after) {
  auto& w = *work;
  const auto upper = std::max(w.first, w.last);
  if (w.first == 0 || w.lanes_left.empty()) {
    sift(work);
    return;
  }
  const auto lane = w.lanes_left.back();
  read_disk({lane, after}, looked_at_once, bytes_at_once,
            [this, work, lane, upper](caf::expected<log_read> found) {
              if (!found) {
                work->answer.deliver(std::move(found.error()));
                return;
              }
              for (auto& message : found->messages)
                if (message->seq() <= upper && log_.index().find(message->seq())
                    && !log_.in_memory(message->seq()) && work->wants(message->seq(), lane))
                  work->found.push_back(std::move(message));
              const bool lane_is_done = found->reached == 0 || found->reached >= upper;
              if (lane_is_done)
                work->lanes_left.pop_back();
              browse_disk(work,
                          lane_is_done ? std::min(work->first, work->last) - 1 : found->reached);
            });
}

void topic::sift(const std::shared_ptr<browsing>& work) {
  auto& w = *work;
  const bool down = w.wanted.newest_first;
  std::sort(w.found.begin(), w.found.end(), [&](const auto& a, const auto& b) {
    return down ? a->seq() > b->seq() : a->seq() < b->seq();
  });
  for (auto& message : w.found) {
    if (message->expired(now()) || message->data().find(w.wanted.text) == std::string_view::npos)
      continue;
    if (w.page.messages.size() == w.wanted.limit) {
      w.page.more = true;
      break;
    }
    w.page.messages.push_back(std::move(message));
  }
  const bool full = w.page.messages.size() == w.wanted.limit;
  if (full)
    w.page.reached_seq = w.page.messages.back()->seq();
  if (full || !w.page.more || w.looked_at >= looked_at_a_page)
    w.answer.deliver(std::move(w.page));
  else
    browse(work);
}

/// The message of that id; null when there is none.
void topic::locate(const std::string& msg_id,
                   std::function<void(caf::expected<publication_ptr>)> then) {
  const auto seq = log_.find(msg_id);
  if (!seq) {
    then(publication_ptr{});
    return;
  }
  fetch(*seq, [msg_id, then = std::move(then)](caf::expected<publication_ptr> found) {
    if (found && *found && (*found)->id() != msg_id)
      found = publication_ptr{};
    then(std::move(found));
  });
}

caf::result<messages_deleted> topic::erase(const delete_messages& request) {
  auto* const which = request.sub_key.empty() ? nullptr : roster_.find(request.sub_key);
  if (!request.sub_key.empty() && !which)
    return make_error(errc::not_found, "There is no such subscription");
  full_until_ = {};
  full_not_before_ = 0;
  if (request.msg_id.empty())
    return which ? clear_queue(*which) : clear_log();
  auto answer = self_->make_response_promise<promise<messages_deleted>>();
  locate(request.msg_id,
         [this, key = request.sub_key, answer](caf::expected<publication_ptr> found) mutable {
           if (!found)
             answer.deliver(std::move(found.error()));
           else if (!*found)
             answer.deliver(no_such_message());
           else if (key.empty())
             erase_one(**found, answer);
           else
             erase_from_queue(key, **found, answer);
         });
  return answer;
}

void topic::erase_one(const publication& message, promise<messages_deleted> answer) {
  const auto place = log_place{static_cast<std::uint8_t>(message.lane()), message.seq()};
  settle_messages order;
  order.seqs = {message.seq()};
  settle_everywhere(order);
  forget({message.seq()}, drop_cause::deleted);
  if (message.seq() > stored_up_to_) {
    answer.deliver(messages_deleted{1});
    return;
  }
  self_->request(house_->store, caf::infinite, erase_messages{rules_->number, {place}})
      .then([answer](const done&) mutable { answer.deliver(messages_deleted{1}); },
            [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
}

messages_deleted topic::clear_log() {
  const auto count = log_.index().total().count;
  settle_messages order;
  order.up_to = log_.last_seq();
  settle_everywhere(order);
  trim_to(log_.last_seq(), drop_cause::deleted);
  return {count};
}

// A connection that has the subscription settles what it has handed out.
void topic::settle_everywhere(const settle_messages& what) {
  roster_.for_each([&](member& each) {
    if (each.attached()) {
      auto order = what;
      order.cookie = each.cookie;
      self_->send(each.connection, std::move(order));
      return;
    }
    std::erase_if(each.state.unacked, [&](const unacked_message& waiting) {
      return waiting.seq <= what.up_to
             || std::find(what.seqs.begin(), what.seqs.end(), waiting.seq) != what.seqs.end();
    });
  });
}

messages_deleted topic::clear_queue(member& which) {
  const auto depth = depth_of(which);
  if (which.attached()) {
    self_->send(which.connection, settle_messages{which.cookie, {}, log_.last_seq()});
  } else {
    which.state.take_all(log_.last_seq());
    which.state.unacked.clear();
    which.state.skipped.clear();
    save(which);
  }
  count(which.about->counters.dropped, depth);
  count_drop(drop_cause::deleted, depth);
  return {depth};
}

void topic::erase_from_queue(const std::string& sub_key, const publication& message,
                             promise<messages_deleted> answer) {
  auto* const which = roster_.find(sub_key);
  const auto seq = message.seq();
  const auto is_it = [seq](const unacked_message& each) { return each.seq == seq; };
  auto* const state = which ? &which->state : nullptr;
  const bool unacked = state && std::any_of(state->unacked.begin(), state->unacked.end(), is_it);
  if (!which || (!which->attached() && !unacked && seq <= state->taken[message.lane()])
      || state->skips(seq)) {
    answer.deliver(no_such_message());
    return;
  }
  if (which->attached())
    self_->send(which->connection, settle_messages{which->cookie, {seq}, 0});
  std::erase_if(state->unacked, is_it);
  if (seq > state_of(*which).taken[message.lane()])
    state->skip(seq, seq);
  if (which->about->durable)
    save(*which);
  count(which->about->counters.dropped);
  count_drop(drop_cause::deleted);
  answer.deliver(messages_deleted{1});
}

} // namespace muster
