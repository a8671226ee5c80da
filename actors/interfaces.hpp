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

/// The only writer of the database, on a thread of its own.
using store_actor =
    caf::typed_actor<caf::replies_to<load_documents>::with<loaded_documents>,
                     // Both answer after the commit that holds the write; `unavailable` when the
                     // disk refuses.
                     caf::replies_to<put_document>::with<done>,
                     caf::replies_to<erase_document>::with<done>, caf::reacts_to<drill>>;

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
};
struct identity {
  static constexpr auto type = "identity";
  /// A user name, or `token:NAME`.
  std::string name;
  muster::role role = muster::role::viewer;
  /// What unsafe methods of a cookie's session must send back; empty for tokens.
  std::string csrf_token;
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
};
struct found_service {
  static constexpr auto type = "found_service";
  service_actor service;
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
                                        caf::replies_to<list_services>::with<service_list>>;

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

/// One live WebSocket. Lives on the loop of its socket.
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
    caf::reacts_to<std::shared_ptr<const house>>, caf::reacts_to<drill>>;

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
    std::string id;
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
    caf::replies_to<open_session>::with<session_granted>, caf::reacts_to<revise_channel>,
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
  hasher_actor hasher;
  accounts_actor accounts;
  services_actor services;
  registry_actor registry;
  lister_actor lister;
  catalogue_actor channels;
  operations_actor operations;
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

/// Starts everyone who is there once, and starts anew whoever fails: at most five times in five
/// seconds, then it stops the server.
using supervisor_actor = caf::typed_actor<caf::replies_to<find_house>::with<house_ptr>,
                                          // Answered when no connection is left, or when a while
                                          // has gone by after the window.
                                          caf::replies_to<drain_connections>::with<done>>;

} // namespace muster

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(muster::house_ptr)
