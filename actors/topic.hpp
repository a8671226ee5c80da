#pragma once

#include "actors/interfaces.hpp"
#include "actors/push_batch.hpp"
#include "actors/recent_publishers.hpp"
#include "actors/roster.hpp"
#include "actors/topic_log.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace muster {

/// A loop -> topic: it has handed out what it was told to.
struct push_done {
  static constexpr auto type = "push_done";
};
/// Topic -> itself: what came before it is to be written.
struct write_waiting {
  static constexpr auto type = "write_waiting";
};
struct topic_tick {
  static constexpr auto type = "topic_tick";
};

/// What a topic is started with.
struct topic_start {
  topic_ptr rules;
  house_ptr addresses;
  topics_actor parent;
  std::shared_ptr<topic_gauges> gauges;
  std::shared_ptr<const stored_log> stored;
  std::function<timestamp()> wall_now = std::chrono::system_clock::now;
};

/// One topic: keeps its log, its subscriptions and their marks. What is published is on the disk
/// first, then handed to all who follow, then answered for; who is behind comes for it.
class topic {
public:
  using handle = topic_actor::extend<caf::reacts_to<push_done>, caf::reacts_to<write_waiting>,
                                     caf::reacts_to<topic_tick>>;
  explicit topic(handle::pointer self);
  ~topic();
  topic(const topic&) = delete;
  topic& operator=(const topic&) = delete;
  handle::behavior_type start(topic_start beginning);

  /// More publications that wait for the disk or for the loops are refused.
  static constexpr std::size_t max_waiting = 20'000;
  static constexpr std::size_t max_subscriptions = 1'000'000;
  /// One that nobody has used for so long retires.
  static constexpr duration idle_patience = std::chrono::seconds{60};

  std::string name = "topic";

private:
  template <class T>
  using promise = caf::typed_response_promise<T>;
  using askers = std::vector<promise<published>>;

  /// A publication that waits for the disk; one that is repeated has more than one asker.
  struct waiting_publication {
    topic_message message;
    askers who;
  };
  using batch = std::vector<waiting_publication>;
  /// One that waits for the loops.
  struct kept_publication {
    publication_ptr message;
    askers who;
  };
  struct browsing;

  /// The answer to a join. A topic that fails still knows whom it owes one.
  class join_answer {
  public:
    join_answer(topic& of, promise<topic_joined> to) : of_{&of}, id_{++of.last_join_} {
      of.joining_.emplace(id_, std::move(to));
    }
    template <class What>
    void deliver(What&& what) const {
      if (auto owed = of_->joining_.extract(id_))
        owed.mapped().deliver(std::forward<What>(what));
    }

  private:
    topic* of_;
    std::uint64_t id_;
  };

  // topic.cpp: life
  void load(const stored_log& stored);
  void load_member(const std::string& bytes);
  void revise(const topic_ptr& rules);
  void end_when_done();
  void tick();
  bool is_idle() const;
  void trim();
  void trim_to(std::uint64_t up_to, drop_cause cause);
  void forget(const std::vector<std::uint64_t>& seqs, drop_cause cause);
  void forget_one(std::uint64_t seq, drop_cause cause);
  const member* hindmost();
  std::uint64_t mark_of(const member& which) const;
  void count_losses(drop_cause cause, const std::function<void()>& change);
  void trim_disk(std::uint64_t from, std::uint64_t up_to);
  void show_log();
  void show();
  timestamp now() const { return wall_now_(); }
  deadline clock() const { return self_->clock().now(); }

  // topic_publish.cpp
  caf::result<published> take(publish& request);
  bool is_busy() const;
  caf::error refusal_of(const publish& request);
  topic_message to_message(publish& request) const;
  /// Publications that have no place in the log yet.
  std::size_t unkept() const { return waiting_.size() + (writing_ ? writing_->size() : 0); }
  bool is_full();
  void drop_beyond_depth(member& which, std::uint64_t depth, std::uint64_t next);
  void write_soon();
  void look_again();
  void write_gathered();
  void write_next();
  void number(batch& all);
  void store(const std::shared_ptr<batch>& all);
  void keep(batch& all);
  void refuse(batch& all, const caf::error& why);
  void add_repeats(bool own_id, const std::string& msg_id, askers& who);
  void answer(const publication& message, askers& who);
  void push_next();
  void push_out(const std::shared_ptr<const push_batch>& what);

  // topic_members.cpp
  void join(join_topic request, join_answer answer);
  void take_up(member& which, const join_topic& request, join_answer answer);
  void take_over(const member& which, join_topic request, join_answer answer);
  void rejoin(const join_topic& request, join_answer answer);
  member* find_restored(const join_topic& request);
  void limit_marks(subscription_state& state) const;
  void make_member(join_topic request, join_answer answer);
  void begin(const join_topic& request, std::uint64_t taken, join_answer answer);
  subscription_facts new_facts(const std::string& channel, const std::string& client_id) const;
  void store_new(const member& fresh, std::function<void(caf::expected<const member*>)> then);
  topic_joined joined(const member& which);
  void leave(const leave_topic& request);
  void note_progress(const report_progress& report);
  caf::result<subscription_info> subscribe_remote(const subscribe_remotely& request);
  caf::result<subscription_info> find(const find_subscription& request);
  caf::result<done> end(const end_subscription& request);
  put_subscription record_of(const member& which) const;
  void save(const member& which);
  void end_inactive();
  subscription_state state_of(const member& which) const;
  std::uint64_t depth_of(const member& which) const;
  subscription_info describe(const member& which) const;
  subscription_list list();

  // topic_reading.cpp
  caf::result<messages_pulled> pull(const pull_messages& request);
  void pull_from_disk(const pull_messages& request, topic_log::harvest::place where,
                      promise<messages_pulled> answer);
  void pull_again(const std::shared_ptr<pull_messages>& request,
                  const std::shared_ptr<messages_pulled>& found, promise<messages_pulled> answer);
  caf::result<messages_taken> take_queue(const take_messages& request);
  void take_unacked(const std::shared_ptr<take_messages>& request,
                    const std::shared_ptr<messages_taken>& found, promise<messages_taken> answer);
  messages_taken settle_taken(member& which, messages_taken what);
  void read_disk(topic_log::harvest::place where, std::uint32_t limit, std::uint64_t max_bytes,
                 std::function<void(caf::expected<log_read>)> then);
  void note_damage(const topic_log::harvest::place& where, const log_read& found,
                   std::uint64_t there_up_to);
  void fetch(std::uint64_t seq, std::function<void(caf::expected<publication_ptr>)> then);
  void find_first_since(timestamp at, std::function<void(caf::expected<std::uint64_t>)> then);

  // topic_queues.cpp: what operators do with messages
  caf::result<messages_deleted> erase(const delete_messages& request);
  void erase_one(const publication& message, promise<messages_deleted> answer);
  messages_deleted clear_log();
  messages_deleted clear_queue(member& which);
  void erase_from_queue(const std::string& sub_key, const publication& message,
                        promise<messages_deleted> answer);
  void settle_everywhere(const settle_messages& what);
  void locate(const std::string& msg_id, std::function<void(caf::expected<publication_ptr>)> then);
  caf::result<message_page> query(const message_query& request);
  void browse(const std::shared_ptr<browsing>& work);
  void browse_disk(const std::shared_ptr<browsing>& work, std::uint64_t after);
  void sift(const std::shared_ptr<browsing>& work);

  handle::pointer self_;
  topic_ptr rules_;
  house_ptr house_;
  /// Of the data that it was started with.
  std::uint32_t era_ = 0;
  /// The last sequence when it was started.
  std::uint64_t began_behind_ = 0;
  topics_actor parent_;
  std::shared_ptr<topic_gauges> gauges_;
  std::function<timestamp()> wall_now_;
  topic_log log_;
  roster roster_;
  /// Connections that were gone before their join was through.
  std::set<std::pair<caf::actor_addr, std::uint32_t>> left_early_;
  std::map<std::uint64_t, promise<topic_joined>> joining_;
  std::uint64_t last_join_ = 0;
  recent_publishers publishers_;
  std::deque<waiting_publication> waiting_;
  /// Who repeats a publication that waits, by its own id.
  std::unordered_map<std::string, askers> repeated_;
  /// How many these are.
  std::size_t repeats_ = 0;
  /// A `write_waiting` is on its way.
  bool write_is_due_ = false;
  /// How many publications waited when the loop began to look for more, and how often it has.
  std::size_t gathered_ = 0;
  int looks_ = 0;
  /// One after the other, that found nothing.
  int quiet_looks_ = 0;
  /// What the disk has not answered for yet; null: nothing.
  std::shared_ptr<batch> writing_;
  std::deque<kept_publication> to_push_;
  /// Tasks of loops that are not through.
  std::size_t pushing_ = 0;
  std::int64_t last_published_us_ = 0;
  /// Up to there something may be on the disk.
  std::uint64_t stored_up_to_ = 0;
  /// Nobody's queue is full before that sequence; or somebody's is until then.
  std::uint64_t full_not_before_ = 0;
  deadline full_until_{};
  deadline used_at_{};
  std::uint32_t ticks_ = 0;
  /// It goes; when all publishers have their answers.
  bool ending_ = false;
  caf::error end_reason_;
};

} // namespace muster
