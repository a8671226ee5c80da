#pragma once

#include "cli/websocket_client.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace muster {

/// What `muster sub` follows, and as whom.
struct subscriber_options {
  std::string topic;
  std::string client_id;
  std::string username;
  std::string secret;
  /// A lasting subscription whose messages are acknowledged once they are printed.
  bool ack = false;
  bool durable = false;
  /// JSON; empty: new messages only.
  std::string from;
  /// The end after so many messages; 0: never.
  std::uint64_t count = 0;
};

/// One message of a topic, as it was delivered.
struct delivered_message {
  std::string published_at;
  std::string seq;
  /// JSON, as it stands.
  std::string_view data;
  /// All that was delivered of it.
  std::string_view whole;
};

/// A client of the protocol that subscribes to a topic and hands out its messages. Knows no socket;
/// a `failure` when the server refuses.
class subscriber {
public:
  /// `print` returns when the message is safe; it throws when that cannot be.
  using printer = std::function<void(const delivered_message&)>;
  /// Is told the sub key, and how many messages wait.
  using greeter = std::function<void(std::string_view sub_key, std::string_view depth)>;

  subscriber(subscriber_options options, printer print, greeter joined)
      : options_{std::move(options)}, print_{std::move(print)}, joined_{std::move(joined)} {}

  /// The part of a client in a conversation.
  next_words hear(std::string_view text);

private:
  std::string message(std::string_view action, const std::string& more_meta, std::string_view data);
  std::string create_session();
  std::string subscribe_request();
  std::string answer(std::string_view in_reply_to, std::string_view data);
  next_words hear_answer(std::string_view meta, std::string_view data);
  next_words hear_delivery(std::string_view meta, std::string_view data);
  bool take(std::string_view delivered);

  subscriber_options options_;
  printer print_;
  greeter joined_;
  std::string token_;
  std::uint64_t last_id_ = 0;
  std::uint64_t taken_ = 0;
};

} // namespace muster
