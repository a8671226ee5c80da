#pragma once

#include "messages/message.hpp"
#include "messages/publication.hpp"
#include "messages/subscription.hpp"
#include "messages/topic.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace muster {

/// Publisher -> topic: one message. What is left empty the topic fills in.
struct publish {
  static constexpr auto type = "publish";
  /// JSON that was checked.
  std::string data;
  std::string msg_id;
  std::uint8_t priority = usual_priority;
  /// Seconds; 0: as long as the topic allows.
  double expiration = 0;
  std::string mime_type;
  std::string correl_id;
  std::string in_reply_to;
  std::string ext_client_id;
  std::string ext_pub_time;
  std::string key;
  std::string publisher;
  std::string channel;
};

/// It is kept as the topic's rules want it.
struct published {
  static constexpr auto type = "published";
  std::string msg_id;
  std::uint64_t seq = 0;
};

/// Reads the request of `pubsub.publish`; the error names the field. The name of the topic is not
/// part of what is published: it is left in `topic_name`, empty where the request has no text
/// there.
caf::expected<publish> parse_publish(std::string_view json, std::string* topic_name = nullptr);
/// Reads the options of `pubsub.subscribe`.
caf::expected<subscription_options> parse_subscription_options(std::string_view json);

/// Subscribe a connection's client to a topic.
struct subscribe {
  static constexpr auto type = "subscribe";
  std::string topic_name;
  subscription_options options;
  /// An administrator asks, who needs no permission of the channel.
  bool by_administrator = false;
};
struct subscribed {
  static constexpr auto type = "subscribed";
  std::string topic_name;
  std::string sub_key;
  std::uint64_t current_depth = 0;
  /// It was not there before.
  bool fresh = false;
};
/// End a subscription of a connection; one of the two names it.
struct unsubscribe {
  static constexpr auto type = "unsubscribe";
  std::string topic_name;
  std::string sub_key;
};
/// Take a lasting subscription up again.
struct resume_subscription {
  static constexpr auto type = "resume_subscription";
  std::string sub_key;
};
/// A client has dealt with a message, or with all up to a sequence.
struct acknowledge {
  static constexpr auto type = "acknowledge";
  std::string sub_key;
  std::string msg_id;
  std::optional<std::uint64_t> up_to;
};

/// Which messages of a topic: those of the log, or those that wait for a subscription.
struct message_query {
  static constexpr auto type = "message_query";
  /// Empty: the whole log.
  std::string sub_key;
  /// In the data, as it stands; empty: any.
  std::string text;
  /// Only this one; empty: any.
  std::string msg_id;
  bool newest_first = true;
  /// Only behind it, in the order asked for; 0: from the beginning.
  std::uint64_t after_seq = 0;
  std::uint32_t limit = 50;
};
struct message_page {
  static constexpr auto type = "message_page";
  std::vector<publication_ptr> messages;
  /// How many there are in all, whatever their text.
  std::uint64_t total = 0;
  /// There may be more behind the last one.
  bool more = false;
  /// Where the search has come to: `after_seq` of the next page.
  std::uint64_t reached_seq = 0;
};
/// Delete messages of a topic's log, for all; or take them out of one subscription's queue.
struct delete_messages {
  static constexpr auto type = "delete_messages";
  /// Empty: from the topic.
  std::string sub_key;
  /// Empty: all of them.
  std::string msg_id;
};
struct messages_deleted {
  static constexpr auto type = "messages_deleted";
  std::uint64_t count = 0;
};

struct list_subscriptions {
  static constexpr auto type = "list_subscriptions";
};
struct subscription_list {
  static constexpr auto type = "subscription_list";
  std::vector<subscription_info> items;
};

/// Who has published lately.
struct publisher_info {
  std::string name;
  std::string channel;
  std::uint64_t messages = 0;
  timestamp last_at{};
};

} // namespace muster
