#pragma once

#include "actors/storage.hpp"
#include "messages/errc.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// What a fake storage keeps for a topic.
struct fake_log {
  std::uint64_t last_seq = 0;
  std::int64_t last_published_us = 0;
  /// By sequence.
  std::map<std::uint64_t, log_record> messages;
  std::map<std::string, std::string> subscriptions;
};

/// All topics' logs, by the numbers of the topics.
using fake_logs = std::map<std::uint32_t, fake_log>;

inline stored_log load(const fake_log& log) {
  stored_log loaded;
  loaded.last_seq = log.last_seq;
  std::map<std::string, std::uint64_t> newest;
  for (const auto& [seq, record] : log.messages) {
    loaded.entries.push_back(
        {seq, record.lane, static_cast<std::uint32_t>(record.size), record.published_us});
    if (!record.own_id.empty())
      loaded.own_ids.emplace_back(record.own_id, seq);
    if (!record.key.empty())
      newest[record.key] = seq;
  }
  loaded.keys.assign(newest.begin(), newest.end());
  for (const auto& each : log.subscriptions)
    loaded.subscriptions.push_back(each.second);
  return loaded;
}

inline std::vector<log_record> read(const fake_log& log, std::uint8_t lane, std::uint64_t after,
                                    std::uint32_t limit, std::uint64_t max_bytes) {
  std::vector<log_record> found;
  std::uint64_t bytes = 0;
  for (auto next = log.messages.upper_bound(after); next != log.messages.end(); ++next) {
    const auto& record = next->second;
    if (record.lane != lane)
      continue;
    bytes += record.body.size();
    if (!found.empty() && (found.size() >= limit || bytes > max_bytes))
      break;
    found.push_back(record);
  }
  return found;
}

inline std::uint64_t first_since(const fake_log& log, std::uint8_t lane, std::int64_t time) {
  for (const auto& [seq, record] : log.messages)
    if (record.lane == lane && record.published_us >= time)
      return seq;
  return 0;
}

inline log_size size_of(std::uint32_t topic, const fake_log& log) {
  log_size size{
      topic, log.last_seq, log.messages.size(), 0, log.subscriptions.size(), log.last_published_us};
  for (const auto& each : log.messages)
    size.bytes += each.second.size;
  return size;
}

/// Drops at most `limit` messages that `which` chooses, and tells them.
template <class Which>
std::vector<expired_record> erase_some(std::uint32_t topic, fake_log& log, std::uint64_t limit,
                                       Which which) {
  std::vector<expired_record> erased;
  for (auto each = log.messages.begin(); each != log.messages.end() && erased.size() < limit;) {
    if (which(each->second)) {
      erased.push_back({topic, each->first});
      each = log.messages.erase(each);
    } else {
      ++each;
    }
  }
  return erased;
}

/// Reads what is committed there at the moment; fails while `failing` is set. Both must outlive it.
class fake_log_reader final : public log_reader {
public:
  fake_log_reader(const fake_logs& logs, const bool& failing) : logs_{logs}, failing_{failing} {}

  caf::expected<stored_log> load(std::uint32_t topic) override {
    return unless_failing([&] { return test::load(of(topic)); });
  }
  caf::expected<std::vector<log_record>> read(std::uint32_t topic, std::uint8_t lane,
                                              std::uint64_t after, std::uint32_t limit,
                                              std::uint64_t max_bytes) override {
    return unless_failing([&] { return test::read(of(topic), lane, after, limit, max_bytes); });
  }
  caf::expected<std::uint64_t> first_since(std::uint32_t topic, std::uint8_t lane,
                                           std::int64_t published_us) override {
    return unless_failing([&] { return test::first_since(of(topic), lane, published_us); });
  }
  caf::expected<std::vector<log_size>> survey() override {
    return unless_failing([&] {
      std::vector<log_size> found;
      for (const auto& [topic, log] : logs_)
        found.push_back(size_of(topic, log));
      return found;
    });
  }

private:
  template <class Read>
  auto unless_failing(Read what) -> caf::expected<decltype(what())> {
    if (failing_)
      return make_error(errc::unavailable, "cannot read");
    return what();
  }
  const fake_log& of(std::uint32_t topic) const {
    static const fake_log none;
    const auto found = logs_.find(topic);
    return found == logs_.end() ? none : found->second;
  }

  const fake_logs& logs_;
  const bool& failing_;
};

} // namespace muster::test
