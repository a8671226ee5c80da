#pragma once

#include "messages/message.hpp"
#include "messages/time.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace muster {

inline constexpr unsigned lowest_priority = 1;
inline constexpr unsigned usual_priority = 5;
inline constexpr unsigned highest_priority = 9;
/// One lane a priority: `lane = priority - 1`.
inline constexpr std::size_t lanes = 9;

/// What a publisher said, and what the topic made of it.
struct topic_message {
  static constexpr auto type = "topic_message";

  /// Grows by one from message to message of a topic.
  std::uint64_t seq = 0;
  std::string msg_id;
  /// JSON, byte for byte as it came.
  std::string data;
  std::uint8_t priority = usual_priority;
  std::string mime_type = "application/json";
  std::string correl_id;
  std::string in_reply_to;
  std::string ext_client_id;
  std::string ext_pub_time;
  /// For conflation; may be empty.
  std::string key;
  /// Who published it: a client id, or the name of an administrator.
  std::string publisher;
  /// The channel that it came through; empty for an administrator.
  std::string channel;
  /// The publisher chose the msg_id, which tells repetitions.
  bool own_id = false;
  /// Seconds; and the time that it leads to. Microseconds since the epoch.
  double expiration = 0;
  std::int64_t published_us = 0;
  std::int64_t expires_us = 0;

  // The order is that of the stored bytes: new fields go to the end.
  static constexpr auto fields = std::tuple{field{"seq", &topic_message::seq},
                                            field{"msg_id", &topic_message::msg_id},
                                            field{"data", &topic_message::data},
                                            field{"priority", &topic_message::priority},
                                            field{"mime_type", &topic_message::mime_type},
                                            field{"correl_id", &topic_message::correl_id},
                                            field{"in_reply_to", &topic_message::in_reply_to},
                                            field{"ext_client_id", &topic_message::ext_client_id},
                                            field{"ext_pub_time", &topic_message::ext_pub_time},
                                            field{"key", &topic_message::key},
                                            field{"publisher", &topic_message::publisher},
                                            field{"channel", &topic_message::channel},
                                            field{"own_id", &topic_message::own_id},
                                            field{"expiration", &topic_message::expiration},
                                            field{"published", &topic_message::published_us},
                                            field{"expires", &topic_message::expires_us}};
};

/// A message of a topic with its text for the wire, made once and shared by all who get it. The
/// text has one gap, for the sub key and the count of its deliveries.
class publication {
public:
  publication(topic_message message, std::string_view topic_name);

  std::uint64_t seq() const { return about_.seq; }
  std::size_t lane() const { return about_.priority - lowest_priority; }
  const std::string& id() const { return about_.msg_id; }
  /// All about it but the data, which is only in the text.
  const topic_message& about() const { return about_; }
  std::string_view data() const { return std::string_view{text_}.substr(data_at_, data_size_); }
  timestamp published_at() const;
  timestamp expires_at() const;
  bool expired(timestamp now) const { return expires_at() <= now; }
  /// What it takes in memory, roughly; what retention counts is the size of the data.
  std::size_t footprint() const { return sizeof(*this) + text_.capacity() + 128; }
  /// Bytes of the data as JSON.
  std::size_t size() const { return data_size_; }
  /// What it takes in a frame, roughly: there is more around the data.
  std::size_t bytes_in_frame() const { return data_size_ + 400; }
  /// What people are told: bytes of a text without its quotes and escapes, of anything else as
  /// JSON.
  std::size_t content_size() const { return content_size_; }

  /// The delivery as an object, in two pieces; the gap between them gets `gap_text`.
  std::string_view before() const { return std::string_view{text_}.substr(0, gap_at_); }
  std::string_view after() const { return std::string_view{text_}.substr(gap_at_); }

private:
  topic_message about_;
  std::string text_;
  std::size_t data_at_ = 0;
  std::size_t data_size_ = 0;
  std::size_t content_size_ = 0;
  std::size_t gap_at_ = 0;
};

using publication_ptr = std::shared_ptr<const publication>;

/// What stands in the gap of a delivery: the sub key, and how often it was delivered with this.
std::string gap_text(std::string_view sub_key, std::uint32_t delivery_count);

/// The beginning of a delivery's envelope, before its data: `id` is that of the message, or a fresh
/// one for a list.
std::string delivery_head(std::string_view id, timestamp now);
/// The end of the envelope, behind its data.
inline constexpr std::string_view delivery_end = "}";

/// A message as it is delivered for the first time, alone in its envelope or among others, but for
/// the text of the sub key: built once for all who get it.
class first_delivery {
public:
  first_delivery(const publication& message, timestamp now);

  std::string_view envelope_before_key() const { return text().substr(0, key_at_); }
  std::string_view envelope_after_key() const { return text().substr(key_at_); }
  std::string_view object_before_key() const {
    return text().substr(object_at_, key_at_ - object_at_);
  }
  std::string_view object_after_key() const {
    return text().substr(key_at_, text_.size() - delivery_end.size() - key_at_);
  }
  /// The beginning of the envelope.
  std::string_view head() const { return text().substr(0, object_at_); }

private:
  std::string_view text() const { return text_; }

  std::string text_;
  std::size_t object_at_ = 0;
  std::size_t key_at_ = 0;
};

/// The delivery as an object of its own, for HTTP and the admin endpoint.
std::string delivery_object(const publication& message, std::string_view sub_key,
                            std::uint32_t delivery_count);

/// The message as an object, without a subscription.
std::string message_object(const publication& message);

std::int64_t microseconds_of(timestamp time);
timestamp time_of(std::int64_t microseconds);

} // namespace muster
