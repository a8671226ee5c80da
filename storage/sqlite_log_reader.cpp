#include "storage/sqlite_log_reader.hpp"

#include "storage/log_tables.hpp"
#include "storage/sqlite.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace muster {

namespace {

/// Several queries that see the same state.
class snapshot {
public:
  explicit snapshot(sqlite_database& database)
      : database_{database}, failed_{database.execute("BEGIN")} {}
  ~snapshot() {
    if (database_.in_transaction())
      database_.execute("ROLLBACK");
  }
  snapshot(const snapshot&) = delete;
  snapshot& operator=(const snapshot&) = delete;

  const caf::error& failed() const { return failed_; }

private:
  sqlite_database& database_;
  caf::error failed_;
};

/// The index gives the lanes one behind the other, each by sequence.
void merge_lanes(std::vector<stored_log::entry>& entries) {
  const auto earlier = [](const auto& a, const auto& b) { return a.seq < b.seq; };
  auto sorted = std::is_sorted_until(entries.begin(), entries.end(), earlier);
  while (sorted != entries.end()) {
    const auto end = std::is_sorted_until(sorted, entries.end(), earlier);
    std::inplace_merge(entries.begin(), sorted, end, earlier);
    sorted = end;
  }
}

class sqlite_log_reader final : public log_reader {
public:
  explicit sqlite_log_reader(sqlite_database database) : database_{std::move(database)} {}

  caf::error prepare() {
    const std::string of_lane = " FROM messages WHERE topic = ?1 AND lane = ?2 ";
    return first_error({
        database_.execute("PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY;"
                          " PRAGMA trusted_schema = OFF"),
        database_.prepare(head_, "SELECT last_seq FROM topic_logs WHERE topic = ?1"),
        database_.prepare(entries_, "SELECT seq, lane, size, published_us, own_id, key"
                                    " FROM messages WHERE topic = ?1 AND lane IN "
                                        + std::string{all_lanes} + " ORDER BY lane, seq"),
        database_.prepare(subscriptions_,
                          "SELECT body FROM subscriptions WHERE topic = ?1 ORDER BY sub_key"),
        database_.prepare(read_, "SELECT seq, size, published_us, expires_us, own_id, key, body"
                                     + of_lane + "AND seq > ?3 ORDER BY seq LIMIT ?4"),
        database_.prepare(at_or_behind_, "SELECT seq, published_us" + of_lane
                                             + "AND seq >= ?3 ORDER BY seq LIMIT 1"),
        database_.prepare(at_or_before_, "SELECT seq, published_us" + of_lane
                                             + "AND seq <= ?3 ORDER BY seq DESC LIMIT 1"),
        database_.prepare(survey_, "SELECT topic, last_seq, messages, bytes, last_published_us,"
                                   " (SELECT count(*) FROM subscriptions"
                                   " WHERE subscriptions.topic = topic_logs.topic)"
                                   " FROM topic_logs ORDER BY topic"),
    });
  }

  caf::expected<stored_log> load(std::uint32_t topic) override {
    const snapshot moment{database_};
    if (moment.failed())
      return moment.failed();
    stored_log log;
    if (auto failed = first_error(
            {load_head(topic, log), load_entries(topic, log), load_subscriptions(topic, log)}))
      return failed;
    return log;
  }

  caf::expected<std::vector<log_record>> read(std::uint32_t topic, std::uint8_t lane,
                                              std::uint64_t after, std::uint32_t limit,
                                              std::uint64_t max_bytes) override {
    const sqlite_use use{read_};
    if (auto failed = first_error({read_.bind_number(1, topic), read_.bind_number(2, lane),
                                   read_.bind_number(3, stored_seq(after)),
                                   read_.bind_number(4, std::max(limit, 1U))}))
      return failed;
    std::vector<log_record> found;
    std::uint64_t bytes = 0;
    auto row = read_.step();
    for (; row && *row; row = read_.step()) {
      bytes += read_.bytes(6).size();
      if (bytes > max_bytes && !found.empty())
        return found;
      found.push_back(record_here(lane));
    }
    // What is behind is none of the matter of those before.
    if (!row && found.empty())
      return row.error();
    return found;
  }

  caf::expected<std::uint64_t> first_since(std::uint32_t topic, std::uint8_t lane,
                                           std::int64_t published_us) override {
    const snapshot moment{database_};
    if (moment.failed())
      return moment.failed();
    auto last = find(at_or_before_, topic, lane, std::numeric_limits<std::uint64_t>::max());
    auto first = find(at_or_behind_, topic, lane, 0);
    if (!last || !first)
      return last ? first.error() : last.error();
    if (last->seq == 0 || last->published_us < published_us)
      return std::uint64_t{0};
    if (first->published_us >= published_us)
      return first->seq;
    // Times grow with the sequences: `below` is too early, `found` is not, and between `below` and
    // `above` is what is not known yet.
    auto below = first->seq;
    auto above = last->seq;
    auto found = above;
    while (below + 1 < above) {
      const auto middle = below + (above - below) / 2;
      auto there = find(at_or_behind_, topic, lane, middle);
      if (!there)
        return there.error();
      if (there->published_us >= published_us) {
        found = there->seq;
        above = middle;
      } else {
        below = there->seq;
      }
    }
    return found;
  }

  caf::expected<std::vector<log_size>> survey() override {
    const sqlite_use use{survey_};
    std::vector<log_size> found;
    auto row = survey_.step();
    for (; row && *row; row = survey_.step())
      found.push_back({static_cast<std::uint32_t>(survey_.number(0)), count(survey_, 1),
                       count(survey_, 2), count(survey_, 3), count(survey_, 5), survey_.number(4)});
    if (!row)
      return row.error();
    return found;
  }

private:
  struct moment_of {
    std::uint64_t seq = 0;
    std::int64_t published_us = 0;
  };

  static std::uint64_t count(const sqlite_statement& row, int column) {
    return static_cast<std::uint64_t>(row.number(column));
  }

  caf::error load_head(std::uint32_t topic, stored_log& log) {
    return each(head_, topic, [&] { log.last_seq = count(head_, 0); });
  }

  caf::error load_entries(std::uint32_t topic, stored_log& log) {
    std::unordered_map<std::string, std::uint64_t> newest;
    auto failed = each(entries_, topic, [&] {
      const auto seq = count(entries_, 0);
      log.entries.push_back({seq, static_cast<std::uint8_t>(entries_.number(1)),
                             static_cast<std::uint32_t>(entries_.number(2)), entries_.number(3)});
      if (const auto id = entries_.bytes(4); !id.empty())
        log.own_ids.emplace_back(id, seq);
      if (const auto key = entries_.bytes(5); !key.empty()) {
        auto& known = newest[std::string{key}];
        known = std::max(known, seq);
      }
    });
    merge_lanes(log.entries);
    log.keys.assign(newest.begin(), newest.end());
    return failed;
  }

  caf::error load_subscriptions(std::uint32_t topic, stored_log& log) {
    return each(subscriptions_, topic,
                [&] { log.subscriptions.emplace_back(subscriptions_.bytes(0)); });
  }

  template <class Use>
  static caf::error each(sqlite_statement& query, std::uint32_t topic, Use what) {
    const sqlite_use use{query};
    if (auto failed = query.bind_number(1, topic))
      return failed;
    auto row = query.step();
    for (; row && *row; row = query.step())
      what();
    return row ? caf::error{} : row.error();
  }

  log_record record_here(std::uint8_t lane) const {
    return {lane,
            count(read_, 0),
            count(read_, 1),
            read_.number(2),
            read_.number(3),
            std::string{read_.bytes(4)},
            std::string{read_.bytes(5)},
            std::string{read_.bytes(6)}};
  }

  static caf::expected<moment_of> find(sqlite_statement& query, std::uint32_t topic,
                                       std::uint8_t lane, std::uint64_t where) {
    const sqlite_use use{query};
    if (auto failed = first_error({query.bind_number(1, topic), query.bind_number(2, lane),
                                   query.bind_number(3, stored_seq(where))}))
      return failed;
    auto row = query.step();
    if (!row)
      return row.error();
    return *row ? moment_of{count(query, 0), query.number(1)} : moment_of{};
  }

  sqlite_database database_;
  sqlite_statement head_;
  sqlite_statement entries_;
  sqlite_statement subscriptions_;
  sqlite_statement read_;
  sqlite_statement at_or_behind_;
  sqlite_statement at_or_before_;
  sqlite_statement survey_;
};

} // namespace

caf::expected<std::shared_ptr<log_reader>> open_log_reader(const std::string& path) {
  auto database = sqlite_database::open_to_read(path);
  if (!database)
    return database.error();
  auto reader = std::make_shared<sqlite_log_reader>(std::move(*database));
  if (auto failed = reader->prepare())
    return failed;
  return std::shared_ptr<log_reader>{std::move(reader)};
}

} // namespace muster
