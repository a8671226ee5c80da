#pragma once

// Every actor's protocol on one page, leaves first; and the messages that carry actors' handles.

#include "actors/storage.hpp"
#include "actors/wire.hpp"
#include "messages/account.hpp"
#include "messages/channel_edit.hpp"
#include "messages/close_code.hpp"
#include "messages/invoke.hpp"
#include "messages/listing.hpp"
#include "messages/operation.hpp"
#include "messages/pubsub.hpp"
#include "messages/topic_edit.hpp"

#include <caf/actor_addr.hpp>
#include <caf/typed_actor.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace muster {

class home;

/// It is done; there is nothing more to say.
struct done {
  static constexpr auto type = "done";
};

/// Throw, to show that supervision works. Only tests and drills within the process can say it.
struct drill {
  static constexpr auto type = "drill";
  std::string what = "drill";
};

// ---- store ----

struct load_documents {
  static constexpr auto type = "load_documents";
  document_kind kind{};
};
struct loaded_documents {
  static constexpr auto type = "loaded_documents";
  std::vector<document> items;
};
struct put_document {
  static constexpr auto type = "put_document";
  document_kind kind{};
  std::string key;
  std::string body;
};
struct erase_document {
  static constexpr auto type = "erase_document";
  document_kind kind{};
  std::string key;
};

/// Topic -> store: messages for its log, and those that they take the place of.
struct append_messages {
  static constexpr auto type = "append_messages";
  std::uint32_t topic = 0;
  std::vector<log_record> records;
  std::vector<log_place> replaced;
};
struct erase_messages {
  static constexpr auto type = "erase_messages";
  std::uint32_t topic = 0;
  std::vector<log_place> places;
};
/// Drop all messages of a topic up to a sequence.
struct trim_log {
  static constexpr auto type = "trim_log";
  std::uint32_t topic = 0;
  std::uint64_t up_to = 0;
};
struct put_subscription {
  static constexpr auto type = "put_subscription";
  std::uint32_t topic = 0;
  std::string sub_key;
  std::string body;
};
struct erase_subscription {
  static constexpr auto type = "erase_subscription";
  std::uint32_t topic = 0;
  std::string sub_key;
};
/// Drop some of all that is stored for a topic.
struct erase_log {
  static constexpr auto type = "erase_log";
  std::uint32_t topic = 0;
  std::uint32_t limit = 1000;
};
struct log_erased {
  static constexpr auto type = "log_erased";
  /// There is more: ask again.
  bool more = false;
};
/// Drop some messages that have expired.
struct expire_messages {
  static constexpr auto type = "expire_messages";
  std::int64_t now_us = 0;
  std::uint32_t limit = 1000;
};
struct messages_expired {
  static constexpr auto type = "messages_expired";
  std::vector<expired_record> places;
};
/// Answered when all that was written before is on the disk, or has failed.
struct sync_store {
  static constexpr auto type = "sync_store";
};
/// Put the backup that waits beside the database in its place. Whatever was read before is of the
/// data before.
struct take_up_backup {
  static constexpr auto type = "take_up_backup";
};

/// The only writer of the database, on a thread of its own. Writes answer after the commit that
/// holds them; `unavailable` when the disk refuses.
using store_actor = caf::typed_actor<
    caf::replies_to<load_documents>::with<loaded_documents>,
    caf::replies_to<put_document>::with<done>, caf::replies_to<erase_document>::with<done>,
    caf::replies_to<append_messages>::with<done>, caf::replies_to<erase_messages>::with<done>,
    caf::replies_to<trim_log>::with<done>, caf::replies_to<put_subscription>::with<done>,
    caf::replies_to<erase_subscription>::with<done>, caf::replies_to<erase_log>::with<log_erased>,
    caf::replies_to<expire_messages>::with<messages_expired>,
    caf::replies_to<sync_store>::with<done>, caf::replies_to<take_up_backup>::with<done>,
    caf::reacts_to<drill>>;

// ---- reader ----

struct load_log {
  static constexpr auto type = "load_log";
  std::uint32_t topic = 0;
};
struct log_loaded {
  static constexpr auto type = "log_loaded";
  stored_log log;
};
/// Messages of one lane behind `after`, by sequence, at least one when there is any.
struct read_log {
  static constexpr auto type = "read_log";
  std::uint32_t topic = 0;
  /// For the texts of the messages.
  std::string topic_name;
  std::uint8_t lane = 0;
  std::uint64_t after = 0;
  std::uint32_t limit = 500;
  std::uint64_t max_bytes = 1048576;
  /// Only those with this in their data; empty: all.
  std::string text;
};
struct log_read {
  static constexpr auto type = "log_read";
  std::vector<publication_ptr> messages;
  /// Their records are there, but not what was written.
  std::vector<std::uint64_t> damaged;
  /// The last sequence that was looked at; 0: there is nothing behind `after`.
  std::uint64_t reached = 0;
};
struct find_since {
  static constexpr auto type = "find_since";
  std::uint32_t topic = 0;
  timestamp at{};
};
struct found_since {
  static constexpr auto type = "found_since";
  /// The first that was published then or later; 0: there is none.
  std::uint64_t seq = 0;
};
struct survey_logs {
  static constexpr auto type = "survey_logs";
};
struct logs_surveyed {
  static constexpr auto type = "logs_surveyed";
  std::vector<log_size> logs;
};

/// Reads the stored logs of topics, on a thread of its own, so that no commit waits for it.
using reader_actor =
    caf::typed_actor<caf::replies_to<load_log>::with<log_loaded>,
                     caf::replies_to<read_log>::with<log_read>,
                     caf::replies_to<find_since>::with<found_since>,
                     caf::replies_to<survey_logs>::with<logs_surveyed>, caf::reacts_to<drill>>;

// ---- hasher ----

/// Hash a password (argon2id).
struct hash_secret {
  static constexpr auto type = "hash_secret";
  std::string secret;
};
struct secret_hash {
  static constexpr auto type = "secret_hash";
  std::string hash;
};
/// Is it the secret of that hash? The answer is a bool in secret_checked.
struct check_secret {
  static constexpr auto type = "check_secret";
  std::string secret;
  std::string hash;
};
struct secret_checked {
  static constexpr auto type = "secret_checked";
  bool right = false;
};

/// Hashes and checks secrets on the workers. `too_many_requests` when its queue is full.
using hasher_actor = caf::typed_actor<caf::replies_to<hash_secret>::with<secret_hash>,
                                      caf::replies_to<check_secret>::with<secret_checked>>;

// ---- accounts ----

/// Who is it? One of the two is given.
struct authenticate {
  static constexpr auto type = "authenticate";
  std::string bearer_token;
  std::string session_cookie;
  /// Looks on: does not count as a use of the session.
  bool passive = false;
};
struct identity {
  static constexpr auto type = "identity";
  /// A user name, or `token:NAME`.
  std::string name;
  muster::role role = muster::role::viewer;
  /// What unsafe methods of a cookie's session must send back; empty for tokens.
  std::string csrf_token;
  /// Seconds until the session ends if it is not used; 0 for tokens.
  double lives_for = 0;
};
/// Sign in with a password. Rate-limited by user and address: too_many_requests.
struct sign_in {
  static constexpr auto type = "sign_in";
  std::string username;
  std::string password;
  std::string address;
};
struct signed_in {
  static constexpr auto type = "signed_in";
  std::string session_cookie;
  std::string csrf_token;
  muster::role role = muster::role::viewer;
  double lives_for = 0; // seconds
};
struct sign_out {
  static constexpr auto type = "sign_out";
  std::string session_cookie;
};
struct list_users {
  static constexpr auto type = "list_users";
};
struct user_list {
  static constexpr auto type = "user_list";
  std::vector<user> items;
};
struct create_user {
  static constexpr auto type = "create_user";
  std::string username;
  std::string password;
  muster::role role = muster::role::viewer;
};
struct edit_user {
  static constexpr auto type = "edit_user";
  std::string username;
  std::optional<std::string> password;
  std::optional<muster::role> role;
};
struct delete_user {
  static constexpr auto type = "delete_user";
  std::string username;
};
struct list_tokens {
  static constexpr auto type = "list_tokens";
};
struct token_list {
  static constexpr auto type = "token_list";
  std::vector<api_token> items;
};
struct create_token {
  static constexpr auto type = "create_token";
  std::string name;
  muster::role role = muster::role::viewer;
  /// Given by automation; empty: a random one is made.
  std::string token;
};
struct token_created {
  static constexpr auto type = "token_created";
  api_token item;
  /// The token itself, this once.
  std::string token;
};
struct delete_token {
  static constexpr auto type = "delete_token";
  std::string id;
};

/// Users, API tokens and dashboard sessions.
using accounts_actor = caf::typed_actor<
    // `unauthorized` when it is nobody.
    caf::replies_to<authenticate>::with<identity>, caf::replies_to<sign_in>::with<signed_in>,
    caf::replies_to<sign_out>::with<done>, caf::replies_to<list_users>::with<user_list>,
    caf::replies_to<create_user>::with<user>, caf::replies_to<edit_user>::with<user>,
    caf::replies_to<delete_user>::with<done>, caf::replies_to<list_tokens>::with<token_list>,
    caf::replies_to<create_token>::with<token_created>, caf::replies_to<delete_token>::with<done>,
    caf::reacts_to<drill>>;

// ---- services ----

/// Answers requests of clients. Built in, an HTTP URL, or a developer's own.
using service_actor = caf::typed_actor<caf::replies_to<service_request>::with<service_reply>>;

struct find_service {
  static constexpr auto type = "find_service";
  /// A registered name, or an http(s) URL, which is registered by the asking.
  std::string name;
  /// Where the asker runs: of a service that is there on every loop it gets the one of its own.
  caf::execution_unit* where = nullptr;
};
class direct_service;
/// Whom to ask: by a message, or past it, see ask_directly.
struct service_address {
  service_actor actor;
  /// Null for those that do not answer at once, or not on the loop of whoever has the address.
  direct_service* direct = nullptr;
};
struct found_service {
  static constexpr auto type = "found_service";
  service_address service;
};
struct list_services {
  static constexpr auto type = "list_services";
};
struct service_info {
  std::string name;
  std::string kind; // "builtin", "custom", "http"
  std::uint64_t calls = 0;
  std::uint64_t errors = 0;
  std::uint64_t in_flight = 0;
  std::uint64_t restarts = 0;
  double mean_ms = 0;
};
struct service_list {
  static constexpr auto type = "service_list";
  std::vector<service_info> items;
};

/// Knows every service by name. The handles that it gives out stay good when a service restarts.
using services_actor = caf::typed_actor<caf::replies_to<find_service>::with<found_service>,
                                        caf::replies_to<list_services>::with<service_list>,
                                        caf::reacts_to<std::shared_ptr<const struct house>>>;

// ---- connection ----

struct house;

/// Channel -> connection: its definition was edited, or its channel actor was started anew.
struct channel_revised;

/// Read the message log, where the channel keeps one.
struct read_message_log {
  static constexpr auto type = "read_message_log";
};
struct logged_message {
  bool incoming = false;
  timestamp at{};
  std::string id;
  std::string in_reply_to;
  std::uint64_t size = 0;
  /// Redacted and cut.
  std::string payload;
};
struct message_log_entries {
  static constexpr auto type = "message_log_entries";
  std::vector<logged_message> items;
};

/// Its loop's wheel: something of this connection is due.
struct deadline_passed {
  static constexpr auto type = "deadline_passed";
};

/// A topic -> a connection, as a turn of its own: messages for a subscription, each once, in the
/// order of their sequences. Good for this turn only.
struct pushed {
  std::uint32_t cookie = 0;
  const struct push_batch* batch = nullptr;
  /// Adds up how many went out.
  std::uint64_t* handed_out = nullptr;
};
/// Of a connection: takes pushes.
class push_receiver : public direct_turns<pushed> {
public:
  /// A push comes soon: fetches what it needs into the cache, first far, then near, since one finds
  /// where the next lies.
  enum class distance : std::uint8_t { far, near };
  virtual void fetch(distance /*how_far*/) {}
};
/// Topic -> connection: another connection takes the subscription up.
struct yield_subscription {
  static constexpr auto type = "yield_subscription";
  std::uint32_t cookie = 0;
};
struct subscription_yielded {
  static constexpr auto type = "subscription_yielded";
  subscription_state state;
};
/// Topic -> connection: the subscription is no more.
struct end_feed {
  static constexpr auto type = "end_feed";
  std::uint32_t cookie = 0;
};
/// Topic -> connection, its last word: it has failed; seek the one that comes after it.
struct topic_lost {
  static constexpr auto type = "topic_lost";
  std::uint32_t cookie = 0;
};
/// Topic -> connection: these messages were taken out of the queue, they are settled.
struct settle_messages {
  static constexpr auto type = "settle_messages";
  std::uint32_t cookie = 0;
  std::vector<std::uint64_t> seqs;
  /// And all up to here.
  std::uint64_t up_to = 0;
};

/// One live WebSocket. Lives on the loop of its socket. `pushed` it takes in direct turns,
/// `wire_received` in these too.
using connection_actor = caf::typed_actor<
    // From its wire and its loop, each as a turn of its own (see turn.hpp).
    caf::reacts_to<wire_opened>, caf::reacts_to<wire_received>, caf::reacts_to<wire_ponged>,
    caf::reacts_to<wire_drained>, caf::reacts_to<wire_closed>, caf::reacts_to<deadline_passed>,
    // Calls the client; `invoke_reply` always comes, with one of the outcomes.
    caf::replies_to<invoke>::with<invoke_reply>, caf::reacts_to<cancel_invoke>,
    caf::replies_to<broadcast>::with<broadcast_reply>,
    // Ends with a proper Close; the answer comes when it is over. The same order as an exit reason
    // does the same without an answer.
    caf::replies_to<close_order>::with<close_receipt>,
    caf::replies_to<read_message_log>::with<message_log_entries>, caf::reacts_to<channel_revised>,
    // `forbidden`, `not_found` (no such topic), `no_session`, `too_many_requests`.
    caf::replies_to<subscribe>::with<subscribed>, caf::replies_to<unsubscribe>::with<done>,
    caf::replies_to<resume_subscription>::with<subscribed>,
    caf::replies_to<acknowledge>::with<done>,
    caf::replies_to<list_subscriptions>::with<subscription_list>,
    caf::replies_to<yield_subscription>::with<subscription_yielded>, caf::reacts_to<end_feed>,
    caf::reacts_to<topic_lost>, caf::reacts_to<settle_messages>,
    caf::reacts_to<std::shared_ptr<const house>>, caf::reacts_to<turn_failed>,
    caf::reacts_to<drill>>;

// ---- channel ----

/// Let a socket in whose handshake is otherwise fine.
struct admit {
  static constexpr auto type = "admit";
  std::shared_ptr<arrival> from;
  /// The loop of the socket.
  home* loop = nullptr;
};
struct admitted {
  static constexpr auto type = "admitted";
  connection_actor connection;
  channel_ptr channel;
};
/// May this client have a session?
struct open_session {
  static constexpr auto type = "open_session";
  std::string connection_id;
  connection_actor connection;
  std::string client_id;
  std::string username;
  std::string secret;
  /// The session exists and gets a new token: policies for new clients do not apply.
  bool renewal = false;
};
struct session_granted {
  static constexpr auto type = "session_granted";
  /// Who it was found to be; empty on a channel without security.
  std::string username;
};
/// May this one use the channel without a connection? One of the two is given: a user name with its
/// secret, or a key.
struct check_credentials {
  static constexpr auto type = "check_credentials";
  std::string username;
  std::string secret;
};
struct credentials_checked {
  static constexpr auto type = "credentials_checked";
  std::string username;
  channel_ptr channel;
};
/// A new definition for a running channel.
struct revise_channel {
  static constexpr auto type = "revise_channel";
  channel_ptr definition;
};
/// Connections of a channel actor that failed, for the one that takes its place; told by the
/// catalogue, and by each of them, who knows best what it is.
struct adopt_connections {
  static constexpr auto type = "adopt_connections";
  struct child {
    connection_actor handle;
    std::string client_id;
    std::string username;
  };
  std::vector<child> children;
};

/// A WebSocket endpoint and its rules: admits, monitors and ends its connections.
using channel_actor = caf::typed_actor<
    // `unavailable` over max_connections, `channel_inactive` while it ends.
    caf::replies_to<admit>::with<admitted>,
    // `unauthorized`, `conflict` (duplicate client id), `too_many_requests` (over a limit).
    caf::replies_to<open_session>::with<session_granted>,
    // `unauthorized`, `channel_inactive`.
    caf::replies_to<check_credentials>::with<credentials_checked>, caf::reacts_to<revise_channel>,
    caf::reacts_to<adopt_connections>, caf::reacts_to<std::shared_ptr<const house>>,
    caf::reacts_to<drill>>;

struct channel_revised {
  static constexpr auto type = "channel_revised";
  channel_ptr definition;
  channel_actor channel;
};

// ---- registry ----

/// A line of the roll with the actor behind it.
struct roll_entry {
  row_ptr row;
  connection_actor connection;
};
/// Put a connection on the roll, or its new row in place of the old one; answered when lists show
/// it.
struct enter_roll {
  static constexpr auto type = "enter_roll";
  roll_entry entry;
};
/// A new row for a connection that is on the roll.
struct update_row {
  static constexpr auto type = "update_row";
  row_ptr row;
};
struct find_connection {
  static constexpr auto type = "find_connection";
  std::string id;
};
struct found_connection {
  static constexpr auto type = "found_connection";
  roll_entry entry;
};
class roll_snapshot;
struct take_snapshot {
  static constexpr auto type = "take_snapshot";
};
struct snapshot_taken {
  static constexpr auto type = "snapshot_taken";
  std::shared_ptr<const roll_snapshot> roll;
};
/// Reverse DNS has answered for an address.
struct name_found {
  static constexpr auto type = "name_found";
  std::string ip;
  std::string fqdn;
  dns_state state = dns_state::none;
};

/// The roll of all connections.
using registry_actor =
    caf::typed_actor<caf::replies_to<enter_roll>::with<done>, caf::reacts_to<update_row>,
                     // `not_found`.
                     caf::replies_to<find_connection>::with<found_connection>,
                     caf::replies_to<take_snapshot>::with<snapshot_taken>,
                     caf::reacts_to<name_found>, caf::reacts_to<drill>>;

// ---- lister ----

/// The connections that a verb on many would hit.
struct match_connections {
  static constexpr auto type = "match_connections";
  selector where;
};
struct matched_connections {
  static constexpr auto type = "matched_connections";
  std::vector<roll_entry> entries;
};

/// Reads snapshots of the roll on the workers, so that no list takes the registry's time.
using lister_actor = caf::typed_actor<
    // `cursor_expired`, `bad_request` for a cursor that is none of ours.
    caf::replies_to<connection_query>::with<connection_page>,
    caf::replies_to<match_connections>::with<matched_connections>,
    caf::reacts_to<std::shared_ptr<const house>>, caf::reacts_to<drill>>;

// ---- catalogue of channels ----

/// Live counts of a channel: written by its actor, read by anyone.
struct channel_gauges {
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> sessions{0};
};

struct channel_info {
  static constexpr auto type = "channel_info";
  channel_ptr definition;
  std::uint64_t connections = 0;
  std::uint64_t sessions = 0;
  /// Declared in the configuration file, which wins at every start.
  bool from_file = false;
  /// Changes when the channel is started anew.
  channel_actor actor{};
};
struct list_channels {
  static constexpr auto type = "list_channels";
};
struct channel_list {
  static constexpr auto type = "channel_list";
  std::vector<channel_info> items;
};
struct find_channel {
  static constexpr auto type = "find_channel";
  std::string name;
};
struct create_channel {
  static constexpr auto type = "create_channel";
  /// The definition as JSON.
  std::string json;
  /// Only check it: nothing is stored, nothing stays open.
  bool dry_run = false;
};
struct edit_channel {
  static constexpr auto type = "edit_channel";
  std::string name;
  /// RFC 7396; empty: delete the channel.
  std::string patch;
  std::string if_match;
  bool dry_run = false;
};
struct channel_edited {
  static constexpr auto type = "channel_edited";
  /// As it is (dry_run: would be) afterwards.
  channel_info info;
  /// Connections that the edit closes (dry_run: would close).
  std::vector<std::string> closes;
};
/// The definitions of all channels: keeps them in the store, starts, restarts and ends the actors.
using catalogue_actor =
    caf::typed_actor<caf::replies_to<list_channels>::with<channel_list>,
                     caf::replies_to<find_channel>::with<channel_info>,
                     caf::replies_to<create_channel>::with<channel_info>,
                     caf::replies_to<edit_channel>::with<channel_edited>,
                     caf::reacts_to<std::shared_ptr<const house>>, caf::reacts_to<drill>>;

// ---- topic ----

/// Connection -> topic: a subscription for its client: a new one, an old one of the client, or the
/// one that is named.
struct join_topic {
  static constexpr auto type = "join_topic";
  /// Of the connection: pushes for the subscription carry it.
  std::uint32_t cookie = 0;
  connection_actor connection;
  /// Where pushes go.
  push_receiver* pushes = nullptr;
  home* loop = nullptr;
  std::shared_ptr<const arrival> from;
  std::string client_id;
  enum slow_consumer policy = slow_consumer::close;
  subscription_options options;
  /// Empty: the client's lasting one where there is one, or a new one.
  std::string sub_key;
  /// A living one whose topic has failed, and how far it is.
  subscription_ptr known;
  subscription_state state;
  /// The one whose state it is: what is known of another is nothing any more.
  std::uint32_t era = 0;
};
struct topic_joined {
  static constexpr auto type = "topic_joined";
  subscription_ptr about;
  subscription_state state;
  topic_ptr rules;
  /// The last message of the topic; the pushes after it come by themselves.
  std::uint64_t last_seq = 0;
  std::uint64_t depth = 0;
  std::uint32_t era = 0;
  /// It was not there before.
  bool fresh = false;
};
/// Connection -> topic: it has no more to do with the subscription, which is left as it is or ends.
struct leave_topic {
  static constexpr auto type = "leave_topic";
  std::string sub_key;
  std::uint32_t cookie = 0;
  connection_actor connection;
  subscription_state state;
  bool ends = false;
};
/// Connection -> topic: how far a lasting subscription is, to be stored.
struct report_progress {
  static constexpr auto type = "report_progress";
  std::string sub_key;
  std::uint32_t cookie = 0;
  connection_actor connection;
  subscription_state state;
};
/// Connection -> topic: what comes next for the subscription, from the highest lane down.
struct pull_messages {
  static constexpr auto type = "pull_messages";
  std::string sub_key;
  std::vector<std::uint64_t> taken;
  std::uint32_t limit = 500;
  std::uint64_t max_bytes = 1048576;
  /// Also these, which were handed out before and not acknowledged.
  std::vector<std::uint64_t> again;
};
struct messages_pulled {
  static constexpr auto type = "messages_pulled";
  std::vector<publication_ptr> messages;
  /// Of `again`, those that are still there.
  std::vector<publication_ptr> again;
  std::vector<std::uint64_t> taken;
  /// Nothing is left up to `last_seq`.
  bool caught_up = false;
  std::uint64_t last_seq = 0;
};
/// The queued messages of a subscription without a connection, which are settled by that.
struct take_messages {
  static constexpr auto type = "take_messages";
  std::string sub_key;
  std::uint32_t limit = 500;
  std::uint64_t max_bytes = 1048576;
};
struct messages_taken {
  static constexpr auto type = "messages_taken";
  std::vector<publication_ptr> messages;
  /// Of each message.
  std::vector<std::uint32_t> delivery_counts;
};
/// A lasting subscription of somebody who comes for its messages over HTTP.
struct subscribe_remotely {
  static constexpr auto type = "subscribe_remotely";
  std::string channel;
  std::string client_id;
  enum slow_consumer policy = slow_consumer::close;
};
struct find_subscription {
  static constexpr auto type = "find_subscription";
  /// Or else the lasting one of that client.
  std::string sub_key;
  std::string channel;
  std::string client_id;
};
/// End it, whoever has it.
struct end_subscription {
  static constexpr auto type = "end_subscription";
  std::string sub_key;
};
/// A new definition for a running topic.
struct revise_topic {
  static constexpr auto type = "revise_topic";
  topic_ptr definition;
};
/// Messages have expired; they are gone from the disk.
struct forget_messages {
  static constexpr auto type = "forget_messages";
  std::vector<std::uint64_t> seqs;
};
struct list_publishers {
  static constexpr auto type = "list_publishers";
};
struct publisher_list {
  static constexpr auto type = "publisher_list";
  std::vector<publisher_info> items;
};

/// A topic: keeps its log, its subscriptions and their marks, and hands every message to all who
/// are there.
using topic_actor = caf::typed_actor<
    // Answers when the message is kept as the topic's rules want it: `unavailable` when the topic
    // is inactive, full, or cannot write; `too_large`.
    caf::replies_to<publish>::with<published>,
    // `forbidden` (not the client's), `not_found` (no such sub key).
    caf::replies_to<join_topic>::with<topic_joined>, caf::reacts_to<leave_topic>,
    caf::reacts_to<report_progress>, caf::replies_to<pull_messages>::with<messages_pulled>,
    caf::replies_to<subscribe_remotely>::with<subscription_info>,
    caf::replies_to<take_messages>::with<messages_taken>,
    caf::replies_to<list_subscriptions>::with<subscription_list>,
    caf::replies_to<find_subscription>::with<subscription_info>,
    caf::replies_to<end_subscription>::with<done>,
    caf::replies_to<message_query>::with<message_page>,
    caf::replies_to<delete_messages>::with<messages_deleted>,
    caf::replies_to<list_publishers>::with<publisher_list>, caf::reacts_to<revise_topic>,
    caf::reacts_to<forget_messages>, caf::reacts_to<std::shared_ptr<const house>>,
    caf::reacts_to<drill>>;

// ---- topics ----

/// Live numbers of a topic: written by its actor and its connections, read by anyone.
struct topic_gauges {
  std::atomic<std::uint64_t> messages{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> last_seq{0};
  std::atomic<std::uint64_t> publications{0};
  std::atomic<std::uint64_t> deliveries{0};
  std::atomic<std::uint64_t> subscriptions{0};
  /// Subscriptions that a connection has.
  std::atomic<std::uint64_t> attached{0};
  /// The most that waits for any lasting subscription.
  std::atomic<std::uint64_t> depth{0};
  std::atomic<std::int64_t> last_published_us{0};
  /// Publications in the last ten seconds.
  std::atomic<std::uint64_t> lately{0};
  /// When its actor has something to do though nobody uses it; 0: never.
  std::atomic<std::int64_t> wake_at_us{0};
};

struct topic_info {
  static constexpr auto type = "topic_info";
  topic_ptr definition;
  std::shared_ptr<const topic_gauges> gauges;
  bool from_file = false;
};
struct list_topics {
  static constexpr auto type = "list_topics";
};
struct topic_list {
  static constexpr auto type = "topic_list";
  std::vector<topic_info> items;
};
/// By its name, or by its number where the name is empty. The actor is started if it sleeps.
struct find_topic {
  static constexpr auto type = "find_topic";
  std::string name;
  std::uint32_t number = 0;
  /// Make it, with the default rules, when there is none.
  bool make = false;
};
struct found_topic {
  static constexpr auto type = "found_topic";
  topic_ptr definition;
  topic_actor actor;
};
struct describe_topic {
  static constexpr auto type = "describe_topic";
  std::string name;
};
struct create_topic {
  static constexpr auto type = "create_topic";
  /// The definition as JSON.
  std::string json;
  /// Only check it.
  bool dry_run = false;
};
struct edit_topic {
  static constexpr auto type = "edit_topic";
  std::string name;
  /// RFC 7396; empty: delete the topic with all that it has.
  std::string patch;
  std::string if_match;
  /// Only check the patch.
  bool dry_run = false;
};
/// Topic -> topics: nobody uses me.
struct retire_topic {
  static constexpr auto type = "retire_topic";
  std::uint32_t number = 0;
  topic_actor actor;
};

/// The definitions of all topics: keeps them in the store, starts their actors when they are used,
/// starts them anew when they fail, ends them when they are idle or deleted.
using topics_actor = caf::typed_actor<
    // `not_found`, `unavailable` when it cannot be made.
    caf::replies_to<find_topic>::with<found_topic>,
    caf::replies_to<describe_topic>::with<topic_info>,
    caf::replies_to<list_topics>::with<topic_list>, caf::replies_to<create_topic>::with<topic_info>,
    caf::replies_to<edit_topic>::with<topic_info>, caf::reacts_to<retire_topic>,
    caf::reacts_to<std::shared_ptr<const house>>, caf::reacts_to<drill>>;

// ---- operations ----

/// One operation on many connections: scatter, gather, pace, cancel.
using invocation_actor = caf::typed_actor<caf::reacts_to<cancel_operation>>;

/// Invocation -> operations: one connection is through.
struct operation_progress {
  static constexpr auto type = "operation_progress";
  std::string operation;
  std::vector<operation_outcome> outcomes;
  bool finished = false;
};

/// Keeps what was asked of clients and what came of it, bounded in number and bytes.
using operations_actor = caf::typed_actor<
    // Calls one client: `not_found` when the connection is not on the roll.
    caf::replies_to<start_invoke>::with<invoke_finished>, caf::reacts_to<late_reply>,
    // Many at once: `too_many_matches` when more match than `max`. Answers at once.
    caf::replies_to<start_operation>::with<operation>,
    caf::replies_to<find_operation>::with<operation>,
    caf::replies_to<cancel_operation>::with<operation>, caf::reacts_to<operation_progress>,
    caf::reacts_to<std::shared_ptr<const house>>, caf::reacts_to<drill>>;

// ---- the house ----

/// The addresses of those who are there once. A restart makes a new one, and all who keep it get
/// it.
struct house {
  store_actor store;
  reader_actor reader;
  hasher_actor hasher;
  accounts_actor accounts;
  services_actor services;
  registry_actor registry;
  lister_actor lister;
  topics_actor topics;
  catalogue_actor channels;
  operations_actor operations;
  /// How often a backup has taken the place of the data while the server ran.
  std::uint32_t era = 0;
};

using house_ptr = std::shared_ptr<const house>;

struct find_house {
  static constexpr auto type = "find_house";
};
/// End all connections with 1001, spread over the window.
struct drain_connections {
  static constexpr auto type = "drain_connections";
  duration window{};
};

/// Take up the backup that waits beside the database: all who keep anything of the old data are
/// started anew with it, connections stay.
struct reload_state {
  static constexpr auto type = "reload_state";
};

/// Starts everyone who is there once, and starts anew whoever fails: at most five times in five
/// seconds, then it stops the server.
using supervisor_actor = caf::typed_actor<caf::replies_to<find_house>::with<house_ptr>,
                                          // Answered when no connection is left, or when a while
                                          // has gone by after the window.
                                          caf::replies_to<drain_connections>::with<done>,
                                          // `conflict` when no backup waits, or when one is being
                                          // taken up; `unavailable` when it cannot be.
                                          caf::replies_to<reload_state>::with<done>>;

} // namespace muster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(muster::house_ptr)
