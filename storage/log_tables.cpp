// messages       one row a message, by the order of their coming, so that topics share the page
// that
//                is written at the end; their place, and all that a topic must know before it
//                works, is in one index, so that no body is read for it
// topic_logs     the heads: what was given and what is there, kept with every change
// subscriptions  one row each

#include "storage/log_tables.hpp"

#include "messages/publication.hpp"

#include <algorithm>
#include <limits>

namespace muster {

// Never edit a step that was released: add one.
const char* const log_schema = R"sql(
  CREATE TABLE messages (
    id INTEGER PRIMARY KEY,
    topic INTEGER NOT NULL,
    lane INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    size INTEGER NOT NULL,
    published_us INTEGER NOT NULL,
    expires_us INTEGER NOT NULL,
    own_id TEXT,
    key TEXT,
    body BLOB NOT NULL
  ) STRICT;
  CREATE INDEX messages_by_place ON messages
    (topic, lane, seq, published_us, size, own_id, key);
  CREATE INDEX messages_by_expiry ON messages (expires_us);
  CREATE TABLE topic_logs (
    topic INTEGER PRIMARY KEY,
    last_seq INTEGER NOT NULL,
    messages INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    last_published_us INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE subscriptions (
    topic INTEGER NOT NULL,
    sub_key TEXT NOT NULL CHECK (length(sub_key) > 0),
    body BLOB NOT NULL,
    PRIMARY KEY (topic, sub_key)
  ) STRICT;
)sql";

static_assert(lanes == 9, "see all_lanes");

std::int64_t stored_seq(std::uint64_t seq) {
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  return seq > static_cast<std::uint64_t>(most) ? most : static_cast<std::int64_t>(seq);
}

caf::error log_tables::prepare(sqlite_database& database) {
  return first_error({
      database.prepare(append_, "INSERT INTO messages (topic, lane, seq, size, published_us,"
                                " expires_us, own_id, key, body)"
                                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"),
      database.prepare(erase_, "DELETE FROM messages WHERE topic = ?1 AND lane = ?2 AND seq = ?3"
                               " RETURNING size"),
      database.prepare(trim_, std::string{"DELETE FROM messages WHERE topic = ?1 AND lane IN "}
                                  + all_lanes + " AND seq <= ?2 RETURNING size"),
      database.prepare(erase_some_, "DELETE FROM messages WHERE id IN (SELECT id FROM messages"
                                    " WHERE topic = ?1 LIMIT ?2) RETURNING size"),
      database.prepare(expire_, "DELETE FROM messages WHERE id IN (SELECT id FROM messages"
                                " WHERE expires_us <= ?1 ORDER BY expires_us LIMIT ?2)"
                                " RETURNING topic, seq, size"),
      database.prepare(put_subscription_,
                       "INSERT INTO subscriptions (topic, sub_key, body) VALUES (?1, ?2, ?3)"
                       " ON CONFLICT (topic, sub_key) DO UPDATE SET body = excluded.body"),
      database.prepare(erase_subscription_,
                       "DELETE FROM subscriptions WHERE topic = ?1 AND sub_key = ?2"),
      database.prepare(erase_subscriptions_, "DELETE FROM subscriptions WHERE topic = ?1"),
      database.prepare(change_head_,
                       "INSERT INTO topic_logs (topic, last_seq, messages, bytes,"
                       " last_published_us) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (topic)"
                       " DO UPDATE SET last_seq = max(last_seq, excluded.last_seq),"
                       " messages = messages + excluded.messages, bytes = bytes + excluded.bytes,"
                       " last_published_us = max(last_published_us, excluded.last_published_us)"),
      database.prepare(erase_head_, "DELETE FROM topic_logs WHERE topic = ?1"),
  });
}

caf::error log_tables::append(std::uint32_t topic, const log_record& record) {
  auto failed = first_error({
      append_.bind_number(1, topic),
      append_.bind_number(2, record.lane),
      append_.bind_number(3, stored_seq(record.seq)),
      append_.bind_number(4, static_cast<std::int64_t>(record.size)),
      append_.bind_number(5, record.published_us),
      append_.bind_number(6, record.expires_us),
      record.own_id.empty() ? caf::error{} : append_.bind_text(7, record.own_id),
      record.key.empty() ? caf::error{} : append_.bind_text(8, record.key),
      append_.bind_blob(9, record.body),
  });
  if (failed)
    return failed;
  if (auto refused = append_.run())
    return refused;
  auto& head = changes_[topic];
  head.last_seq = std::max(head.last_seq, record.seq);
  head.last_published_us = std::max(head.last_published_us, record.published_us);
  ++head.messages;
  head.bytes += static_cast<std::int64_t>(record.size);
  return {};
}

caf::error log_tables::erase_message(std::uint32_t topic, log_place where) {
  if (auto failed = first_error(
          {erase_.bind_number(2, where.lane), erase_.bind_number(3, stored_seq(where.seq))}))
    return failed;
  auto erased = erase_by(erase_, topic);
  return erased ? caf::error{} : erased.error();
}

caf::error log_tables::trim(std::uint32_t topic, std::uint64_t up_to) {
  if (auto failed = trim_.bind_number(2, stored_seq(up_to)))
    return failed;
  auto erased = erase_by(trim_, topic);
  return erased ? caf::error{} : erased.error();
}

caf::error log_tables::put_subscription(std::uint32_t topic, const std::string& sub_key,
                                        std::string_view body) {
  auto failed =
      first_error({put_subscription_.bind_number(1, topic), put_subscription_.bind_text(2, sub_key),
                   put_subscription_.bind_blob(3, body)});
  if (!failed)
    failed = put_subscription_.run();
  // A log has a head when it has anything.
  if (!failed)
    changes_[topic];
  return failed;
}

caf::error log_tables::erase_subscription(std::uint32_t topic, const std::string& sub_key) {
  auto failed = first_error(
      {erase_subscription_.bind_number(1, topic), erase_subscription_.bind_text(2, sub_key)});
  return failed ? failed : erase_subscription_.run();
}

caf::expected<bool> log_tables::erase_log(std::uint32_t topic, std::uint32_t limit) {
  limit = std::max(limit, 1U);
  if (auto failed = erase_some_.bind_number(2, limit))
    return failed;
  auto erased = erase_by(erase_some_, topic);
  if (!erased)
    return erased.error();
  if (*erased >= limit)
    return true;
  if (auto failed = erase_rest(topic))
    return failed;
  return false;
}

caf::error log_tables::erase_rest(std::uint32_t topic) {
  auto failed =
      first_error({erase_subscriptions_.bind_number(1, topic), erase_head_.bind_number(1, topic)});
  if (!failed)
    failed = first_error({erase_subscriptions_.run(), erase_head_.run()});
  if (!failed)
    changes_.erase(topic);
  return failed;
}

caf::expected<std::vector<expired_record>> log_tables::expire(std::int64_t now_us,
                                                              std::uint32_t limit) {
  const sqlite_use use{expire_};
  if (auto failed = first_error({expire_.bind_number(1, now_us), expire_.bind_number(2, limit)}))
    return failed;
  std::vector<expired_record> expired;
  auto row = expire_.step();
  for (; row && *row; row = expire_.step()) {
    expired.push_back({static_cast<std::uint32_t>(expire_.number(0)),
                       static_cast<std::uint64_t>(expire_.number(1))});
    auto& head = changes_[expired.back().topic];
    --head.messages;
    head.bytes -= expire_.number(2);
  }
  if (!row)
    return row.error();
  return expired;
}

caf::expected<std::uint64_t> log_tables::erase_by(sqlite_statement& erasing, std::uint32_t topic) {
  const sqlite_use use{erasing};
  if (auto failed = erasing.bind_number(1, topic))
    return failed;
  std::uint64_t erased = 0;
  std::int64_t bytes = 0;
  auto row = erasing.step();
  for (; row && *row; row = erasing.step(), ++erased)
    bytes += erasing.number(0);
  if (!row)
    return row.error();
  if (erased > 0) {
    auto& head = changes_[topic];
    head.messages -= static_cast<std::int64_t>(erased);
    head.bytes -= bytes;
  }
  return erased;
}

caf::error log_tables::write_changes() {
  for (const auto& [topic, what] : changes_)
    if (auto failed = write_change(topic, what))
      return failed;
  changes_.clear();
  return {};
}

caf::error log_tables::write_change(std::uint32_t topic, const change& what) {
  auto failed = first_error({
      change_head_.bind_number(1, topic),
      change_head_.bind_number(2, stored_seq(what.last_seq)),
      change_head_.bind_number(3, what.messages),
      change_head_.bind_number(4, what.bytes),
      change_head_.bind_number(5, what.last_published_us),
  });
  return failed ? failed : change_head_.run();
}

} // namespace muster
