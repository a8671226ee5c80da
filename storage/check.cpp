#include "storage/check.hpp"

#include "actors/log_records.hpp"
#include "messages/codec.hpp"
#include "messages/errc.hpp"
#include "storage/schema.hpp"

#include <limits>
#include <map>
#include <string_view>
#include <utility>

namespace muster {

namespace {

/// More are only counted.
constexpr std::size_t most_named = 5;
constexpr std::size_t most_faults = 10;
/// Between two looks at the clock.
constexpr std::uint64_t messages_at_once = 500;

template <class Row>
caf::error for_each(sqlite_database& database, std::string_view sql, Row row) {
  auto query = database.prepare(sql);
  if (!query)
    return query.error();
  auto found = query->step();
  for (; found && *found; found = query->step())
    row(*query);
  return found ? caf::error{} : found.error();
}

/// One look at all records.
class record_check {
public:
  record_check(sqlite_database& database, std::chrono::steady_clock::duration at_most,
               const check_progress& progress)
      : database_{database}, end_{end_of(at_most)}, progress_{progress} {}

  caf::expected<records_checked> run() {
    auto contents = count_contents(database_);
    if (!contents)
      return contents.error();
    found_.all = contents->channels + contents->topics + contents->subscriptions
                 + contents->messages + contents->users + contents->tokens;
    if (auto failed = first_error({check_documents(), check_subscriptions(), check_messages()}))
      return failed;
    return std::move(found_);
  }

private:
  static std::chrono::steady_clock::time_point end_of(std::chrono::steady_clock::duration at_most) {
    const auto now = std::chrono::steady_clock::now();
    const auto most = std::chrono::steady_clock::time_point::max() - now;
    return now + std::min(at_most, most);
  }

  caf::error check_documents() {
    return for_each(database_, "SELECT kind, key, body FROM documents",
                    [this](const sqlite_statement& row) { check_document(row); });
  }

  void check_document(const sqlite_statement& row) {
    const auto kind = row.bytes(0);
    const auto body = row.bytes(2);
    caf::error damage;
    if (kind == name_of(document_kind::channel))
      damage = damage_of<channel_definition>(body);
    else if (kind == name_of(document_kind::user))
      damage = damage_of<user>(body);
    else if (kind == name_of(document_kind::token))
      damage = damage_of<api_token>(body);
    else if (kind == name_of(document_kind::topic)) {
      auto topic = from_bytes<topic_definition>(body);
      if (topic)
        topics_[topic->number] = topic->name;
      else
        damage = topic.error();
    } else {
      return;
    }
    ++found_.looked_at;
    if (damage)
      note(found_.damaged_documents, std::string{kind} + ' ' + std::string{row.bytes(1)});
  }

  caf::error check_subscriptions() {
    return for_each(database_, "SELECT topic, sub_key, body FROM subscriptions",
                    [this](const sqlite_statement& row) {
                      ++found_.looked_at;
                      if (damage_of<stored_subscription>(row.bytes(2)))
                        note(found_.damaged_subscriptions,
                             "subscription " + std::string{row.bytes(1)} + of_topic(row.number(0)));
                    });
  }

  caf::error check_messages() {
    auto query = database_.prepare("SELECT id, topic, lane, seq, body FROM messages WHERE id < ?1"
                                   " ORDER BY id DESC LIMIT ?2");
    if (!query)
      return query.error();
    auto before = std::numeric_limits<std::int64_t>::max();
    for (std::uint64_t seen = messages_at_once; seen == messages_at_once;) {
      auto checked = check_messages(*query, before);
      if (!checked)
        return checked.error();
      seen = *checked;
      if (progress_)
        progress_(found_.looked_at, found_.all);
      if (std::chrono::steady_clock::now() >= end_)
        break;
    }
    return {};
  }

  // Each time a view of its own, so that the log ahead of the file can be taken over in between.
  caf::expected<std::uint64_t> check_messages(sqlite_statement& query, std::int64_t& before) {
    const sqlite_use use{query};
    if (auto failed =
            first_error({query.bind_number(1, before), query.bind_number(2, messages_at_once)}))
      return failed;
    std::uint64_t seen = 0;
    auto row = query.step();
    for (; row && *row; row = query.step(), ++seen) {
      before = query.number(0);
      check_message(query);
    }
    if (!row)
      return row.error();
    return seen;
  }

  void check_message(const sqlite_statement& row) {
    ++found_.looked_at;
    log_record record;
    record.lane = static_cast<std::uint8_t>(row.number(2));
    record.seq = static_cast<std::uint64_t>(row.number(3));
    record.body = row.bytes(4);
    if (!from_record(record))
      note(found_.damaged_messages,
           "message " + std::to_string(record.seq) + of_topic(row.number(1)));
  }

  template <class T>
  static caf::error damage_of(std::string_view body) {
    auto value = from_bytes<T>(body);
    return value ? caf::error{} : value.error();
  }

  std::string of_topic(std::int64_t number) const {
    const auto known = topics_.find(static_cast<std::uint32_t>(number));
    return " of topic " + (known == topics_.end() ? std::to_string(number) : known->second);
  }

  void note(std::uint64_t& count, std::string what) {
    ++count;
    if (found_.damaged.size() < most_named)
      found_.damaged.push_back(std::move(what));
  }

  sqlite_database& database_;
  std::chrono::steady_clock::time_point end_;
  const check_progress& progress_;
  std::map<std::uint32_t, std::string> topics_;
  records_checked found_;
};

} // namespace

// Where there is no log ahead of the file nobody writes: a plain view would leave one there.
caf::expected<sqlite_database> open_to_check(const std::filesystem::path& file) {
  std::error_code failure;
  const auto ahead = std::filesystem::file_size(file.string() + "-wal", failure);
  const bool quiet = failure || ahead == 0;
  if (!std::filesystem::exists(file, failure))
    return make_error(errc::not_found, "there is no file " + file.string());
  return quiet && !std::filesystem::exists(file.string() + "-shm", failure)
             ? sqlite_database::open_unchanging(file.string())
             : sqlite_database::open_to_read(file.string());
}

caf::expected<database_contents> count_contents(sqlite_database& database) {
  database_contents found;
  auto failed = for_each(database, "SELECT kind, count(*) FROM documents GROUP BY kind",
                         [&](const sqlite_statement& row) {
                           const auto kind = row.bytes(0);
                           const auto count = static_cast<std::uint64_t>(row.number(1));
                           if (kind == name_of(document_kind::channel))
                             found.channels = count;
                           else if (kind == name_of(document_kind::topic))
                             found.topics = count;
                           else if (kind == name_of(document_kind::user))
                             found.users = count;
                           else if (kind == name_of(document_kind::token))
                             found.tokens = count;
                         });
  if (failed)
    return failed;
  auto subscriptions = database.number("SELECT count(*) FROM subscriptions");
  auto messages = database.number("SELECT count(*) FROM messages");
  if (!subscriptions || !messages)
    return subscriptions ? messages.error() : subscriptions.error();
  found.subscriptions = static_cast<std::uint64_t>(*subscriptions);
  found.messages = static_cast<std::uint64_t>(*messages);
  return found;
}

caf::expected<std::vector<std::string>> find_faults(sqlite_database& database, bool thorough) {
  std::vector<std::string> faults;
  const auto check = std::string{thorough ? "PRAGMA integrity_check" : "PRAGMA quick_check"} + '('
                     + std::to_string(most_faults) + ')';
  auto failed = for_each(database, check, [&](const sqlite_statement& row) {
    if (row.bytes(0) != "ok")
      faults.emplace_back(row.bytes(0));
  });
  if (failed)
    return failed;
  return faults;
}

caf::expected<records_checked> check_records(sqlite_database& database,
                                             std::chrono::steady_clock::duration at_most,
                                             const check_progress& progress) {
  return record_check{database, at_most, progress}.run();
}

} // namespace muster
