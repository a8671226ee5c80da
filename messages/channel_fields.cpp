#include "messages/channel_fields.hpp"

#include <array>
#include <initializer_list>

namespace muster {

namespace {

constexpr std::array rows{
    channel_field{"name",
                  "text",
                  "What the channel is called here and in the log: 1 to 128 letters, digits, '.', "
                  "'_' or '-'. It cannot be changed later.",
                  {},
                  fixed_for_life},
    channel_field{"path", "text",
                  "The path of the URL that clients connect to, such as /crm. Clients that are "
                  "connected stay when it changes."},
    channel_field{"listener", "text",
                  "Where clients connect: the name of a configured listener, or an IP:PORT that is "
                  "opened for this channel, without TLS. Clients that are connected stay when it "
                  "changes."},
    channel_field{"is_active", "flag",
                  "Whether clients may connect. Switching it off closes all connections at once."},
    channel_field{"service", "text",
                  "What answers the requests of clients: the name of a service, or the http(s) URL "
                  "that they are sent to. \"gateway\" lets clients name the service themselves."},
    channel_field{"services_allowed", "texts",
                  "Which services clients may call through the gateway; '*' in a name stands for "
                  "any text. An empty list allows none."},
    channel_field{"security", "choice",
                  "How clients say who they are: none (anybody may connect), basic (user name and "
                  "secret) or api_key (a key). From none to another, or from one to the other, "
                  "closes the sessions that are open.",
                  "none basic api_key"},
    channel_field{"credentials", "object",
                  "With basic: a list of who may open a session, each with username and secret. "
                  "Secrets are kept as hashes and never shown; an entry without one keeps its "
                  "secret. Who is taken off the list is closed."},
    channel_field{"keys", "object",
                  "With api_key: a list of keys, each with name and key. They are kept as hashes "
                  "and never shown; an entry without one keeps its key. Who uses one that is taken "
                  "off the list is closed."},
    channel_field{"new_token_wait_time", "seconds",
                  "So many seconds after connecting a client that has not opened a session is "
                  "closed."},
    channel_field{"token_ttl", "seconds",
                  "So many seconds a session lives without a message or a Pong of the client; "
                  "after that the connection is closed."},
    channel_field{"ping_interval", "seconds",
                  "The server sends a Ping to each client every so many seconds; it keeps proxies "
                  "from cutting silent connections."},
    channel_field{"pings_missed_threshold", "count",
                  "After so many Pings in a row without an answer the client counts as gone and is "
                  "closed."},
    channel_field{"service_timeout", "seconds",
                  "So many seconds a service may take for a request; then the client gets an "
                  "error."},
    channel_field{"max_in_flight", "count",
                  "So many requests of one connection may be worked on at the same time; more are "
                  "refused until one is answered."},
    channel_field{"max_message_bytes", "count",
                  "The longest message that a client may send, in bytes; one that is longer closes "
                  "its connection."},
    channel_field{"max_connections", "count",
                  "So many connections the channel may have at a time; more are refused. null: no "
                  "limit."},
    channel_field{"max_connections_per_client", "count",
                  "So many connections one client id may have at a time; more are refused. null: "
                  "no limit."},
    channel_field{"rate_limit", "object",
                  "How many messages a second one connection may send (rate), and how many at once "
                  "(burst); more are answered with an error, and one that goes on is closed. "
                  "null: no limit."},
    channel_field{"send_queue_bytes", "count",
                  "So many bytes may wait to be sent to one client that reads slowly; with more, "
                  "slow_consumer says what happens."},
    channel_field{"slow_consumer", "choice",
                  "What happens when more than send_queue_bytes waits for a client: close it, drop "
                  "the oldest or the newest message, or keep only the newest of each key "
                  "(conflate).",
                  "close drop_oldest drop_newest conflate"},
    channel_field{"duplicate_client_id", "choice",
                  "What happens when a client id that is connected connects again: allow both, "
                  "replace the old connection, or reject the new one.",
                  "allow replace reject"},
    channel_field{"allowed_origins", "texts",
                  "The web sites whose pages may connect, such as https://example.com. An empty "
                  "list allows all; programs that are no browsers are not asked."},
    channel_field{"permessage_deflate", "flag",
                  "Whether messages are compressed where the client can: less traffic for more "
                  "memory and time. It holds for new connections."},
    channel_field{"permissions", "lines",
                  "Which topics clients may use, one rule a line: pub=PATTERN to publish, "
                  "sub=PATTERN to subscribe; '*' stands for any text without '/', '**' for any "
                  "text. Empty: no topics at all."},
    channel_field{"message_log", "object",
                  "Keeps the last messages of each connection for operators to read: how many each "
                  "way (messages), how many bytes of each (payload_bytes), and the names of "
                  "members that are blanked (redact). null: keeps none."},
    channel_field{"create_topics", "flag",
                  "Whether a topic that does not exist is made when a client publishes or "
                  "subscribes to it, where permissions allow the name."},
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
