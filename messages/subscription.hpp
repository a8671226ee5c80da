#pragma once

#include "messages/channel.hpp"
#include "messages/message.hpp"
#include "messages/publication.hpp"
#include "messages/time.hpp"

#include <caf/expected.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// When a message counts as delivered: when the socket took it, or when the client says so.
enum class ack_mode : std::uint8_t { automatic, client };

std::string_view to_string(ack_mode mode); // "auto", "client"

/// Where a new subscription begins.
struct start_point {
  enum class kind : std::uint8_t { fresh, first, sequence, time };
  kind what = kind::fresh;
  /// The first one to be delivered.
  std::uint64_t seq = 0;
  timestamp at{};
};

/// Parses `new`, `first`, a sequence or a time, as JSON.
std::optional<start_point> parse_start_point(std::string_view json);

/// What a subscriber wants.
struct subscription_options {
  ack_mode ack = ack_mode::automatic;
  /// Outlives the connection and the server.
  bool durable = false;
  start_point from;
  /// The most messages of one delivery.
  std::uint32_t batch_size = 500;
  /// A single message comes as a list of one.
  bool wrap_one = false;
};

/// What a subscription is; never changes.
struct subscription_facts {
  std::string sub_key;
  std::string topic_name;
  std::string channel;
  std::string client_id;
  ack_mode ack = ack_mode::automatic;
  bool durable = false;
  bool wrap_one = false;
  std::uint32_t batch_size = 500;
  /// The channel's, as it was then: what happens when too much waits.
  enum slow_consumer policy = slow_consumer::close;
  std::int64_t subscribed_at_us = 0;

  static constexpr auto fields =
      std::tuple{field{"sub_key", &subscription_facts::sub_key},
                 field{"topic_name", &subscription_facts::topic_name},
                 field{"channel", &subscription_facts::channel},
                 field{"client_id", &subscription_facts::client_id},
                 field{"ack", &subscription_facts::ack},
                 field{"durable", &subscription_facts::durable},
                 field{"wrap_one", &subscription_facts::wrap_one},
                 field{"batch_size", &subscription_facts::batch_size},
                 field{"policy", &subscription_facts::policy},
                 field{"subscribed_at", &subscription_facts::subscribed_at_us}};
};

/// Why a subscription did not get a message.
enum class drop_cause : std::uint8_t {
  /// The client reads too slowly, by the policy of its channel.
  slow_consumer,
  /// It expired first.
  expired,
  /// The topic keeps no more.
  retention,
  /// More than `max_depth` waited.
  depth,
  /// A newer one of the same key took its place.
  conflated,
  /// An operator deleted it.
  deleted,
  /// Its stored record is damaged.
  damaged
};
inline constexpr std::size_t drop_causes = 7;
std::string_view to_string(drop_cause cause);

/// What happened to a subscription so far: written by one actor at a time, read by anyone, each
/// count by itself.
struct subscription_counters {
  std::atomic<std::uint64_t> delivered{0};
  std::atomic<std::uint64_t> delivered_seq{0};
  std::atomic<std::uint64_t> acked_seq{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint32_t> unacked{0};
  /// The connection has got them from the topic, and its wire has no room yet.
  std::atomic<std::uint32_t> pending{0};
  /// Everything up to here was handed out by its connection; 0: it is behind, the topic knows more.
  std::atomic<std::uint64_t> followed{0};
};

/// A subscription as all who deal with it share it.
struct subscription : subscription_facts {
  explicit subscription(subscription_facts facts);
  /// The sub key is the same as text and in JSON.
  bool key_is_plain = false;
  mutable subscription_counters counters;
};

using subscription_ptr = std::shared_ptr<const subscription>;

/// A message that was handed out and not acknowledged.
struct unacked_message {
  std::uint64_t seq = 0;
  /// How often it was delivered.
  std::uint32_t count = 1;

  static constexpr auto fields =
      std::tuple{field{"seq", &unacked_message::seq}, field{"count", &unacked_message::count}};
};

/// Sequences from the first to the last, both with it.
struct seq_range {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  static constexpr auto fields =
      std::tuple{field{"first", &seq_range::first}, field{"last", &seq_range::last}};
};

/// How far a subscription is: whatever is at or below the mark of its lane was handed out.
struct subscription_state {
  std::vector<std::uint64_t> taken = std::vector<std::uint64_t>(lanes, 0);
  /// By sequence.
  std::vector<unacked_message> unacked;
  /// Above the marks, and not wanted any more; in order, apart from each other.
  std::vector<seq_range> skipped;

  static constexpr auto fields = std::tuple{field{"taken", &subscription_state::taken},
                                            field{"unacked", &subscription_state::unacked},
                                            field{"skipped", &subscription_state::skipped}};

  bool skips(std::uint64_t seq) const { return skipped_up_to(seq) != 0; }
  /// The last one of the range that has it; 0: it is wanted.
  std::uint64_t skipped_up_to(std::uint64_t seq) const;
  void skip(std::uint64_t first, std::uint64_t last);
  /// Up to here in all lanes.
  std::uint64_t floor() const;
  void take_all(std::uint64_t up_to) { taken.assign(lanes, up_to); }
};

/// A subscription as it is stored.
struct stored_subscription {
  static constexpr auto type = "stored_subscription";
  subscription_facts facts;
  subscription_state state;
  std::uint64_t delivered = 0;
  std::uint64_t dropped = 0;
  /// Microseconds since the epoch; 0 while a connection has it.
  std::int64_t detached_at_us = 0;

  static constexpr auto fields = std::tuple{
      field{"facts", &stored_subscription::facts}, field{"state", &stored_subscription::state},
      field{"delivered", &stored_subscription::delivered},
      field{"dropped", &stored_subscription::dropped},
      field{"detached_at", &stored_subscription::detached_at_us}};
};

/// `zpsk.wsx.CLIENT.` and 24 hex digits: eight of the topic's number, sixteen of chance.
std::string make_sub_key(std::string_view client_id, std::uint32_t topic_number);
/// The topic's number in a sub key; nothing when it is none.
std::optional<std::uint32_t> topic_number_of(std::string_view sub_key);

/// A subscription for people.
struct subscription_info {
  static constexpr auto type = "subscription_info";
  subscription_ptr about;
  /// The connection that has it; empty: nobody has at the moment.
  std::string connection_id;
  timestamp connected_at{};
  /// When the connection took it up; the epoch: not since it was made.
  timestamp resumed_at{};
  timestamp detached_at{};
  std::uint64_t depth = 0;
  std::uint64_t depth_bytes = 0;
  /// Seconds; of the oldest message that waits.
  std::optional<double> oldest_age;
  std::uint64_t last_seq = 0;
};

} // namespace muster
