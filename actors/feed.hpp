#pragma once

#include "actors/interfaces.hpp"
#include "actors/push_batch.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace muster {

/// A subscription as its connection has it: follows the topic, or is behind and catches up. Decides
/// what is handed out next, and what was not acknowledged; sends nothing itself.
class feed {
public:
  /// A message to be handed out; `count` is how often it was already.
  struct delivery {
    publication_ptr message;
    std::uint32_t count = 0;
  };
  enum class mode : std::uint8_t {
    /// The topic has not answered yet.
    joining,
    /// Everything so far was handed out; pushes go straight on.
    following,
    /// The topic is asked for what comes next.
    behind
  };

  /// So many may wait for their acknowledgement.
  static constexpr std::size_t max_unacked = 1000;
  /// How long the topic does without a word of how far a lasting one is.
  static constexpr duration report_interval = std::chrono::milliseconds{500};

  /// What goes into one frame, of which a slow client's send queue must hold some.
  static constexpr std::size_t bytes_a_frame = 32U << 10U;

  feed(std::uint32_t cookie, std::string topic_name);

  std::uint32_t cookie() const { return cookie_; }
  const std::string& topic_name() const { return about ? about->topic_name : extra_->topic_name; }
  mode now_is() const { return mode_; }
  /// Nothing of it may be lost, so it waits in the topic while the client is slow.
  bool lossless() const { return about && (about->durable || about->ack == ack_mode::client); }
  bool counts_acks() const { return about && about->ack == ack_mode::client; }

  /// The topic has answered.
  void begin(topic_joined joined);
  /// Of the data that its state is about.
  std::uint32_t era() const { return era_; }
  /// The topic has failed: what it has stays, until it has joined the next one.
  void lose_topic(deadline retry_at);

  /// Which messages of the batch are handed out at once, from that one on; all behind it too. The
  /// size of the batch: none.
  std::size_t accept(const push_batch& batch);
  /// The next message of a push is not handed out: it has expired.
  void pass_over(const publication& message);
  void fall_behind();
  /// Gives back what it does without.
  void shrink();

  /// What the topic is asked for next; nothing when it need not be asked, or not yet.
  std::optional<pull_messages> next_pull();
  void pulled(messages_pulled found);
  void pull_failed(deadline retry_at);

  /// What is to be handed out next.
  bool has_pending() const { return extra_ && !extra_->pending.empty(); }
  void count_pending() const;
  /// How many of them fit into one frame.
  std::size_t next_frame(timestamp wall_now);
  const delivery& pending(std::size_t index) const { return extra_->pending[index]; }
  /// The wire has taken the first ones.
  void handed_out(std::size_t count, deadline now, std::size_t bytes);
  /// The wire has taken these, of a push, in one frame.
  void handed_out(std::span<const publication_ptr> messages, deadline now, std::size_t bytes);
  /// The client or an operator has settled something: it is worth a report.
  void note_change(deadline now);
  /// So many bytes of the wire are not with the kernel; all else is.
  void flushed(std::size_t left);

  bool acknowledge(std::uint64_t seq);
  std::size_t acknowledge_up_to(std::uint64_t seq);
  bool is_unacked(std::uint64_t seq) const { return extra_ && extra_->flights.contains(seq); }
  std::optional<std::uint64_t> find_unacked(const std::string& msg_id) const;
  void settle(const settle_messages& what);
  /// Takes back what was not acknowledged in time, to be handed out again.
  bool expire_acks(deadline now, timestamp wall_now);

  std::optional<deadline> due() const;
  bool wants_report(deadline now) const;
  void reported() { extra_->report_at.reset(); }
  bool wants_retry(deadline now) const;
  void retrying() { extra_->retry_at.reset(); }
  subscription_state state() const;

  subscription_ptr about;
  topic_actor topic;
  /// An administrator wanted it: the channel's permissions do not count.
  bool by_administrator = false;
  /// Those who wait for the topic's answer.
  using asker = std::function<void(caf::expected<subscribed>)>;
  void await_topic(asker who) { extra().askers.push_back(std::move(who)); }
  void answer_askers(const caf::expected<subscribed>& what);

private:
  struct flight {
    publication_ptr message;
    std::uint32_t count = 1;
    deadline due{};
  };
  struct unflushed {
    unacked_message what;
    std::size_t bytes = 0;
  };
  /// What one that follows and awaits nothing does without.
  struct more {
    std::string topic_name;
    std::vector<asker> askers;
    std::vector<std::uint64_t> marks;
    std::deque<delivery> pending;
    /// Pushed while the topic was asked, one after the other.
    std::deque<publication_ptr> early;
    std::map<std::uint64_t, flight> flights;
    /// Handed out by one that lasts, and may still be in the wire.
    std::deque<unflushed> in_wire;
    /// Handed out by an earlier connection; their messages are to be fetched.
    std::vector<unacked_message> to_fetch;
    std::vector<unacked_message> fetching;
    duration ack_timeout{};
    deadline next_ack{deadline::max()};
    std::optional<deadline> report_at;
    std::optional<deadline> retry_at;
    std::uint64_t settled_up_to = 0;
  };

  more& extra();
  void forget();
  void note_early(const push_batch& batch);
  void take_early(std::uint64_t& last_seq);
  void follow(std::uint64_t last_seq);
  void count_acks();
  void count_delivered(std::uint64_t how_many, std::uint64_t last_seq);
  void took(const publication_ptr& message, std::uint32_t count, deadline now, std::size_t bytes);

  std::uint32_t cookie_;
  std::uint32_t era_ = 0;
  mode mode_ = mode::joining;
  bool pulling_ = false;
  /// Of one that follows: everything up to here was handed out.
  std::uint64_t cursor_ = 0;
  /// What was pushed meanwhile.
  std::uint64_t pushed_up_to_ = 0;
  std::unique_ptr<more> extra_;
};

} // namespace muster
