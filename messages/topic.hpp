#pragma once

#include "messages/message.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <tuple>

namespace muster {

/// What becomes of a publication that nobody is subscribed to.
enum class no_subscribers : std::uint8_t { keep, drop };

/// A topic and its rules. Durations are in seconds.
struct topic_definition {
  static constexpr auto type = "topic_definition";

  std::string name;
  /// Made when the topic is; never used again for another one. Sub keys carry it.
  std::uint32_t number = 0;
  bool is_active = true;
  /// Messages are on the disk before their publishers get an answer.
  bool durable = true;
  /// How much of the past is kept, whether or not it was delivered.
  std::uint64_t retention_count = 100'000;
  std::uint64_t retention_bytes = 67'108'864;
  double retention_age = 604'800;
  /// So many may wait for one subscription.
  std::uint64_t max_depth = 1'000'000;
  std::uint64_t max_message_bytes = 1'048'576;
  enum no_subscribers on_no_subscribers = no_subscribers::keep;
  /// The longest that a message lives, and how long it does without a word of its publisher.
  double limit_message_expiry = 86'400;
  /// A lasting subscription that nobody takes up for so long is deleted.
  double limit_sub_inactivity = 86'400;
  double ack_timeout = 30;
  /// Of messages with the same key only the newest stays.
  bool conflate = true;
  /// Microseconds since the epoch.
  std::int64_t created_at_us = 0;

  // The order is that of the stored bytes: new fields go to the end.
  static constexpr auto fields =
      std::tuple{field{"name", &topic_definition::name},
                 field{"number", &topic_definition::number},
                 field{"is_active", &topic_definition::is_active},
                 field{"durable", &topic_definition::durable},
                 field{"retention_count", &topic_definition::retention_count},
                 field{"retention_bytes", &topic_definition::retention_bytes},
                 field{"retention_age", &topic_definition::retention_age},
                 field{"max_depth", &topic_definition::max_depth},
                 field{"max_message_bytes", &topic_definition::max_message_bytes},
                 field{"on_no_subscribers", &topic_definition::on_no_subscribers},
                 field{"limit_message_expiry", &topic_definition::limit_message_expiry},
                 field{"limit_sub_inactivity", &topic_definition::limit_sub_inactivity},
                 field{"ack_timeout", &topic_definition::ack_timeout},
                 field{"conflate", &topic_definition::conflate},
                 field{"created_at", &topic_definition::created_at_us}};
  bool operator==(const topic_definition&) const = default;
};

using topic_ptr = std::shared_ptr<const topic_definition>;

} // namespace muster
