#pragma once

#include "actors/feed.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/some_publications.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace muster::test {

/// Makes feeds, and what their topic tells them.
class feed_maker {
public:
  feed_maker() {
    facts.sub_key = "k1";
    facts.topic_name = "/news";
  }

  /// The topic's answer: everything up to `last_seq` was handed out, unless the marks say less.
  topic_joined joined(std::vector<unacked_message> unacked, std::uint64_t last_seq,
                      std::uint64_t taken = UINT64_MAX) const {
    topic_joined out;
    out.about = std::make_shared<const subscription>(facts);
    out.state.take_all(std::min(taken, last_seq));
    out.state.unacked = std::move(unacked);
    out.rules = std::make_shared<const topic_definition>(rules);
    out.last_seq = last_seq;
    return out;
  }
  feed following(std::uint64_t last_seq) const { return behind(last_seq, last_seq); }
  feed behind(std::uint64_t taken, std::uint64_t last_seq,
              std::vector<unacked_message> unacked = {}) const {
    feed out{1, "/news"};
    out.begin(joined(std::move(unacked), last_seq, taken));
    out.topic = topic;
    return out;
  }

  subscription_facts facts;
  topic_definition rules;

private:
  actor_world world_;

public:
  /// Nobody listens to it.
  topic_actor topic = caf::actor_cast<topic_actor>(world_.keep(
      world_.system.spawn<caf::hidden>([](caf::event_based_actor* self) -> caf::behavior {
        return {[self](caf::unit_t) { self->quit(); }};
      })));
};

inline push_batch batch_of(const seqs& which) {
  push_batch out;
  for (const auto seq : which)
    out.add(a_publication(seq));
  return out;
}

/// The wire has taken one message of a push.
inline void hand_out_one(feed& from, const publication_ptr& message, deadline now,
                         std::size_t bytes) {
  from.handed_out(std::span{&message, 1}, now, bytes);
}

/// What the feed hands out of a push, as its connection does.
inline seqs push(feed& to, const seqs& which, deadline now = {}) {
  const auto batch = batch_of(which);
  seqs out;
  for (auto i = to.accept(batch); i < batch.messages.size(); ++i) {
    hand_out_one(to, batch.messages[i], now, 10);
    out.push_back(batch.messages[i]->seq());
  }
  return out;
}

/// Everything that is pending, as far as the feed lets it out.
inline seqs hand_out(feed& from, deadline now = {}) {
  seqs out;
  while (from.has_pending()) {
    const auto size = from.next_frame(noon);
    if (size == 0)
      break;
    for (std::size_t i = 0; i < size; ++i)
      out.push_back(from.pending(i).message->seq());
    from.handed_out(size, now, 10);
  }
  return out;
}

inline messages_pulled pulled(const seqs& which, std::uint64_t taken, bool caught_up) {
  messages_pulled out;
  for (const auto seq : which)
    out.messages.push_back(a_publication(seq));
  out.taken = seqs(lanes, taken);
  out.caught_up = caught_up;
  out.last_seq = taken;
  return out;
}

} // namespace muster::test
