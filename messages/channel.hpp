#pragma once

#include "messages/message.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace muster {

enum class channel_security : std::uint8_t { none, basic, api_key, jwt };
enum class slow_consumer : std::uint8_t { close, drop_oldest, drop_newest, conflate };
enum class duplicate_policy : std::uint8_t { allow, replace, reject };

/// One who may open sessions on a channel. The secret is only here as its hash.
struct credential {
  /// The user name (basic) or the name of the key (api_key).
  std::string username;
  /// argon2id string (basic) or SHA-256 in hex (api_key).
  std::string secret_hash;

  static constexpr auto fields = std::tuple{field{"username", &credential::username},
                                            field{"secret_hash", &credential::secret_hash}};
  bool operator==(const credential&) const = default;
};

/// Messages a second, and how many at once.
struct rate_limit {
  double rate = 0;
  double burst = 0;

  static constexpr auto fields =
      std::tuple{field{"rate", &rate_limit::rate}, field{"burst", &rate_limit::burst}};
  bool operator==(const rate_limit&) const = default;
};

/// How a channel keeps the messages of its connections for an operator to read.
struct message_log_limits {
  /// How many messages a connection, each way; 0: none.
  std::uint32_t messages = 0;
  /// How many bytes of a payload.
  std::uint32_t payload_bytes = 1024;
  /// Values of object members with these names are blanked.
  std::vector<std::string> redact;

  static constexpr auto fields =
      std::tuple{field{"messages", &message_log_limits::messages},
                 field{"payload_bytes", &message_log_limits::payload_bytes},
                 field{"redact", &message_log_limits::redact}};
  bool operator==(const message_log_limits&) const = default;
};

/// A WebSocket endpoint and its rules. Durations are in seconds.
struct channel_definition {
  static constexpr auto type = "channel_definition";

  std::string name;
  std::string path;
  /// A configured listener's name, or `IP:PORT`, which the channel brings along.
  std::string listener = "default";
  bool is_active = true;
  std::string service = "gateway";
  std::vector<std::string> services_allowed{"zato.ping", "ping", "pubsub.*", "zato.pubsub.*"};
  channel_security security = channel_security::none;
  std::vector<credential> credentials;
  double new_token_wait_time = 5;
  double token_ttl = 3600;
  double ping_interval = 45;
  std::uint32_t pings_missed_threshold = 2;
  double service_timeout = 30;
  std::uint32_t max_in_flight = 64;
  std::uint64_t max_message_bytes = 1048576;
  /// Absent: no limit.
  std::optional<std::uint64_t> max_connections;
  std::optional<std::uint64_t> max_connections_per_client;
  std::optional<struct rate_limit> rate_limit;
  std::uint64_t send_queue_bytes = 1048576;
  enum slow_consumer slow_consumer = slow_consumer::close;
  duplicate_policy duplicate_client_id = duplicate_policy::allow;
  std::vector<std::string> allowed_origins;
  bool permessage_deflate = false;
  std::string permissions;
  message_log_limits message_log;
  /// Publishing or subscribing to a topic that does not exist makes it.
  bool create_topics = false;

  // The order is that of the stored bytes: new fields go to the end.
  static constexpr auto fields = std::tuple{
      field{"name", &channel_definition::name},
      field{"path", &channel_definition::path},
      field{"listener", &channel_definition::listener},
      field{"is_active", &channel_definition::is_active},
      field{"service", &channel_definition::service},
      field{"services_allowed", &channel_definition::services_allowed},
      field{"security", &channel_definition::security},
      field{"credentials", &channel_definition::credentials},
      field{"new_token_wait_time", &channel_definition::new_token_wait_time},
      field{"token_ttl", &channel_definition::token_ttl},
      field{"ping_interval", &channel_definition::ping_interval},
      field{"pings_missed_threshold", &channel_definition::pings_missed_threshold},
      field{"service_timeout", &channel_definition::service_timeout},
      field{"max_in_flight", &channel_definition::max_in_flight},
      field{"max_message_bytes", &channel_definition::max_message_bytes},
      field{"max_connections", &channel_definition::max_connections},
      field{"max_connections_per_client", &channel_definition::max_connections_per_client},
      field{"rate_limit", &channel_definition::rate_limit},
      field{"send_queue_bytes", &channel_definition::send_queue_bytes},
      field{"slow_consumer", &channel_definition::slow_consumer},
      field{"duplicate_client_id", &channel_definition::duplicate_client_id},
      field{"allowed_origins", &channel_definition::allowed_origins},
      field{"permessage_deflate", &channel_definition::permessage_deflate},
      field{"permissions", &channel_definition::permissions},
      field{"message_log", &channel_definition::message_log},
      field{"create_topics", &channel_definition::create_topics}};
  bool operator==(const channel_definition&) const = default;
};

using channel_ptr = std::shared_ptr<const channel_definition>;

} // namespace muster
