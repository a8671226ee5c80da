#pragma once

#include "actors/log_index.hpp"
#include "actors/storage.hpp"
#include "messages/subscription.hpp"
#include "messages/topic.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster {

/// The log of one topic: what is there, and the newest messages themselves. Those of a topic that
/// is not durable are all here; of a durable one the older are only on the disk.
class topic_log {
public:
  /// What comes next for a subscription.
  struct harvest {
    std::vector<publication_ptr> messages;
    std::uint64_t expired = 0;
    /// Nothing is left.
    bool complete = false;
    /// What comes next is not in memory: this lane, behind this sequence.
    struct place {
      std::size_t lane = 0;
      std::uint64_t after = 0;
    };
    std::optional<place> on_disk;
  };

  /// So much of a durable topic stays in memory.
  static constexpr std::size_t kept_messages = 1000;
  static constexpr std::size_t kept_bytes = 1U << 20U;

  void load(const stored_log& stored);
  /// The next sequence is at least the one behind this.
  void continue_after(std::uint64_t last_seq);

  const log_index& index() const { return index_; }
  std::uint64_t last_seq() const { return index_.last(); }
  /// Null when it is not there, or not in memory.
  publication_ptr in_memory(std::uint64_t seq) const;
  bool is_in_memory() const { return index_.total().count == kept_.size(); }
  /// The first one in memory that was published at that time or later.
  std::optional<std::uint64_t> first_in_memory(timestamp at) const;
  /// The sequence of a message; nothing when there is none of that id.
  std::optional<std::uint64_t> find(const std::string& msg_id) const;
  /// The message that has the publisher's own id.
  std::optional<std::uint64_t> find_own(const std::string& msg_id) const;
  /// The message that one with this key takes the place of.
  std::optional<std::uint64_t> holder_of(const std::string& key) const;

  void add(publication_ptr message, bool durable);
  bool erase(std::uint64_t seq);
  void trim(std::uint64_t up_to);

  /// Takes messages for a subscription, from the highest lane down, and moves its marks.
  harvest collect(subscription_state& state, std::size_t limit, std::uint64_t max_bytes,
                  timestamp now) const;
  /// How much waits above the marks.
  log_index::sum waiting(const subscription_state& state) const;
  /// The oldest that waits.
  std::optional<std::uint64_t> oldest(const subscription_state& state) const;
  /// Messages in memory that have expired, of so many that were looked at since the last time.
  std::vector<std::uint64_t> find_expired(timestamp now, std::size_t look_at);

private:
  void forget_names(std::uint64_t seq);
  void let_go(std::map<std::uint64_t, publication_ptr>::iterator which);

  log_index index_;
  std::map<std::uint64_t, publication_ptr> kept_;
  /// Up to there messages may be in memory alone, so many of them.
  std::uint64_t volatile_up_to_ = 0;
  std::size_t volatile_messages_ = 0;
  std::size_t kept_size_ = 0;
  std::unordered_map<std::string, std::uint64_t> own_ids_;
  std::unordered_map<std::string, std::uint64_t> keys_;
  /// The same by sequence, for those that go.
  std::unordered_map<std::uint64_t, std::pair<std::string, std::string>> names_;
  /// Where the search for expired ones goes on.
  std::uint64_t looked_at_ = 0;
};

/// `zpsm` and 24 hex digits: eight of chance, sixteen of the sequence.
std::string make_msg_id(std::uint64_t seq);

} // namespace muster
