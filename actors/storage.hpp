#pragma once

#include "messages/message.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

/// What kinds of documents are kept.
enum class document_kind : std::uint8_t { channel, user, token, setting, topic };

/// A document: its key and its stored bytes.
struct document {
  std::string key;
  std::string body;
};

/// A message in the log of a topic. `body` is a record with a checksum of its own; the other fields
/// are what the log is searched by.
struct log_record {
  std::uint8_t lane = 0;
  std::uint64_t seq = 0;
  /// Bytes of its data.
  std::uint64_t size = 0;
  std::int64_t published_us = 0;
  std::int64_t expires_us = 0;
  /// The id that its publisher chose; empty: none.
  std::string own_id;
  std::string key;
  std::string body;
};

/// Where a message is, in a topic.
struct log_place {
  std::uint8_t lane = 0;
  std::uint64_t seq = 0;
};

/// A message that expired and is gone.
struct expired_record {
  std::uint32_t topic = 0;
  std::uint64_t seq = 0;
};

/// What a topic must know of its log before it works; everything but the messages themselves.
struct stored_log {
  struct entry {
    std::uint64_t seq = 0;
    std::uint8_t lane = 0;
    std::uint32_t size = 0;
    std::int64_t published_us = 0;
  };
  /// Sequences up to here were given, whether or not they are still there.
  std::uint64_t last_seq = 0;
  /// By sequence.
  std::vector<entry> entries;
  std::vector<std::pair<std::string, std::uint64_t>> own_ids;
  std::vector<std::pair<std::string, std::uint64_t>> keys;
  /// Their stored bytes.
  std::vector<std::string> subscriptions;
};

/// The size of a log, for lists.
struct log_size {
  std::uint32_t topic = 0;
  std::uint64_t last_seq = 0;
  std::uint64_t messages = 0;
  std::uint64_t bytes = 0;
  std::uint64_t subscriptions = 0;
  std::int64_t last_published_us = 0;
};

/// Reads the logs of topics beside the one who writes; implemented by storage/. One thread at a
/// time, which need not be the writer's. It sees what was committed when it was asked.
class log_reader {
public:
  virtual ~log_reader() = default;
  virtual caf::expected<stored_log> load(std::uint32_t topic) = 0;
  /// Messages of a lane behind `after`, by sequence: at most `limit`, and no more than `max_bytes`
  /// of bodies, but always one.
  virtual caf::expected<std::vector<log_record>> read(std::uint32_t topic, std::uint8_t lane,
                                                      std::uint64_t after, std::uint32_t limit,
                                                      std::uint64_t max_bytes) = 0;
  /// The first sequence of the lane that was published at that time or later; 0: there is none.
  virtual caf::expected<std::uint64_t> first_since(std::uint32_t topic, std::uint8_t lane,
                                                   std::int64_t published_us) = 0;
  /// Of all topics that have anything stored.
  virtual caf::expected<std::vector<log_size>> survey() = 0;
};

/// Durable state, as the store actor sees it; implemented by storage/. One thread at a time.
class storage {
public:
  virtual ~storage() = default;
  /// All documents of a kind, by key.
  virtual caf::expected<std::vector<document>> load(document_kind kind) = 0;
  /// Opens a transaction; writes before `commit` are all or nothing.
  virtual caf::error begin() = 0;
  virtual caf::error put(document_kind kind, const std::string& key, std::string_view body) = 0;
  virtual caf::error erase(document_kind kind, const std::string& key) = 0;
  virtual caf::error append(std::uint32_t topic, const log_record& record) = 0;
  virtual caf::error erase_message(std::uint32_t topic, log_place where) = 0;
  /// Drops all messages of the topic up to a sequence.
  virtual caf::error trim(std::uint32_t topic, std::uint64_t up_to) = 0;
  virtual caf::error put_subscription(std::uint32_t topic, const std::string& sub_key,
                                      std::string_view body) = 0;
  virtual caf::error erase_subscription(std::uint32_t topic, const std::string& sub_key) = 0;
  /// Drops everything of a topic, at most `limit` messages at a time; whether there is more.
  virtual caf::expected<bool> erase_log(std::uint32_t topic, std::uint32_t limit) = 0;
  /// Drops at most `limit` messages that have expired.
  virtual caf::expected<std::vector<expired_record>> expire(std::int64_t now_us,
                                                            std::uint32_t limit) = 0;
  /// Returns when the transaction is on the disk.
  virtual caf::error commit() = 0;
  virtual void rollback() = 0;
  /// One more view of the same data, for another thread. May be asked for on any thread.
  virtual caf::expected<std::shared_ptr<log_reader>> open_reader() = 0;
  /// Whether a backup waits to take the place of the data. Any thread.
  virtual bool backup_waits() const = 0;
  /// Has it take the place, outside of transactions and while there are no readers. When that
  /// fails the data is what it was.
  virtual caf::error take_up_backup() = 0;
};

} // namespace muster
