#include "messages/channel_fields.hpp"

#include <array>
#include <initializer_list>

namespace muster {

namespace {

constexpr std::array rows{
    channel_field{"name", "text", "Letters, digits, '.', '_' and '-'; never changes."},
    channel_field{"path", "text", "What clients connect to; begins with '/'."},
    channel_field{"listener", "text", "A configured listener's name, or IP:PORT."},
    channel_field{"is_active", "flag", "Whether clients may connect."},
    channel_field{"service", "text", "The service that is responsible for requests."},
    channel_field{"services_allowed", "texts",
                  "What the gateway may call; '*' stands for any text."},
    channel_field{"security", "choice", "How clients say who they are.", "none basic api_key jwt"},
    channel_field{"credentials", "object",
                  "For basic: user names and secrets; secrets never come out."},
    channel_field{"keys", "object", "For api_key: names and keys; keys never come out."},
    channel_field{"new_token_wait_time", "seconds",
                  "The time that a client has to open a session."},
    channel_field{"token_ttl", "seconds", "How long a silent session lives."},
    channel_field{"ping_interval", "seconds", "The time between two Pings."},
    channel_field{"pings_missed_threshold", "count", "So many Pings without a Pong: closed."},
    channel_field{"service_timeout", "seconds", "How long a service may take."},
    channel_field{"max_in_flight", "count", "Requests of one connection at a time."},
    channel_field{"max_message_bytes", "count", "The longest message."},
    channel_field{"max_connections", "count", "Connections at a time; null: any."},
    channel_field{"max_connections_per_client", "count", "The same for one client id."},
    channel_field{"rate_limit", "object",
                  "Messages a second (rate) and at once (burst); null: any."},
    channel_field{"send_queue_bytes", "count", "What may wait to be sent to one client."},
    channel_field{"slow_consumer", "choice", "What happens when more waits.",
                  "close drop_oldest drop_newest conflate"},
    channel_field{"duplicate_client_id", "choice", "What happens when a client id connects again.",
                  "allow replace reject"},
    channel_field{"allowed_origins", "texts", "Origins of browsers; empty: any."},
    channel_field{"permessage_deflate", "flag", "Whether messages may be compressed."},
    channel_field{"permissions", "lines",
                  "What may be published and subscribed: pub= and sub= lines."},
    channel_field{"message_log", "object",
                  "How many messages are kept, and how much of each; null: none."},
    channel_field{"create_topics", "flag",
                  "Whether using a topic that does not exist makes it, where permissions allow."},
};

template <class Choice>
bool find_choice(std::string_view text, std::initializer_list<Choice> all, Choice& out) {
  for (const auto each : all)
    if (to_string(each) == text) {
      out = each;
      return true;
    }
  return false;
}

} // namespace

std::span<const channel_field> channel_fields() {
  return rows;
}

std::string_view to_string(channel_security value) {
  switch (value) {
  case channel_security::none:
    return "none";
  case channel_security::basic:
    return "basic";
  case channel_security::api_key:
    return "api_key";
  case channel_security::jwt:
    break;
  }
  return "jwt";
}

std::string_view to_string(slow_consumer value) {
  switch (value) {
  case slow_consumer::close:
    return "close";
  case slow_consumer::drop_oldest:
    return "drop_oldest";
  case slow_consumer::drop_newest:
    return "drop_newest";
  case slow_consumer::conflate:
    break;
  }
  return "conflate";
}

std::string_view to_string(duplicate_policy value) {
  switch (value) {
  case duplicate_policy::allow:
    return "allow";
  case duplicate_policy::replace:
    return "replace";
  case duplicate_policy::reject:
    break;
  }
  return "reject";
}

bool parse_choice(std::string_view text, channel_security& out) {
  using enum channel_security;
  return find_choice(text, {none, basic, api_key, jwt}, out);
}

bool parse_choice(std::string_view text, slow_consumer& out) {
  using enum slow_consumer;
  return find_choice(text, {close, drop_oldest, drop_newest, conflate}, out);
}

bool parse_choice(std::string_view text, duplicate_policy& out) {
  using enum duplicate_policy;
  return find_choice(text, {allow, replace, reject}, out);
}

} // namespace muster
