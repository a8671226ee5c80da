#pragma once

#include "actors/storage.hpp"
#include "messages/errc.hpp"
#include "tests/actors/fake_logs.hpp"

#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace muster::test {

/// Documents and logs in memory that count their commits and fail on demand.
class fake_storage final : public storage {
public:
  using documents = std::map<std::pair<document_kind, std::string>, std::string>;

  documents on_disk;
  fake_logs logs_on_disk;
  int commits = 0;
  bool fail_begin = false;
  /// Every write.
  bool fail_put = false;
  bool fail_commit = false;
  bool fail_load = false;
  bool fail_open_reader = false;
  /// Every read of a log.
  bool fail_read = false;
  /// Waits to take the place of the documents and logs.
  std::optional<std::pair<documents, fake_logs>> backup;
  bool fail_take_up = false;

  caf::expected<std::vector<document>> load(document_kind kind) override {
    if (fail_load)
      return make_error(errc::unavailable, "cannot read");
    std::vector<document> found;
    for (const auto& [id, body] : open_ ? written_ : on_disk)
      if (id.first == kind)
        found.push_back({id.second, body});
    return found;
  }
  caf::error begin() override {
    if (fail_begin)
      return make_error(errc::unavailable, "database is locked");
    if (std::exchange(open_, true))
      throw std::logic_error{"a transaction within a transaction"};
    written_ = on_disk;
    written_logs_ = logs_on_disk;
    return {};
  }
  caf::error put(document_kind kind, const std::string& key, std::string_view body) override {
    return write([&] { written_[{kind, key}] = body; });
  }
  caf::error erase(document_kind kind, const std::string& key) override {
    return write([&] { written_.erase({kind, key}); });
  }
  caf::error append(std::uint32_t topic, const log_record& record) override {
    return write([&] {
      auto& log = written_logs_[topic];
      log.last_seq = std::max(log.last_seq, record.seq);
      log.last_published_us = std::max(log.last_published_us, record.published_us);
      if (!log.messages.emplace(record.seq, record).second)
        throw std::logic_error{"a sequence that was given before"};
    });
  }
  caf::error erase_message(std::uint32_t topic, log_place where) override {
    return erase_where(topic, [&](const log_record& record) {
      return record.seq == where.seq && record.lane == where.lane;
    });
  }
  caf::error trim(std::uint32_t topic, std::uint64_t up_to) override {
    return erase_where(topic, [&](const log_record& record) { return record.seq <= up_to; });
  }
  caf::error put_subscription(std::uint32_t topic, const std::string& sub_key,
                              std::string_view body) override {
    return write([&] { written_logs_[topic].subscriptions[sub_key] = body; });
  }
  caf::error erase_subscription(std::uint32_t topic, const std::string& sub_key) override {
    return write([&] {
      if (const auto log = written_logs_.find(topic); log != written_logs_.end())
        log->second.subscriptions.erase(sub_key);
    });
  }
  caf::expected<bool> erase_log(std::uint32_t topic, std::uint32_t limit) override {
    bool more = false;
    auto failed = write([&] {
      more = erase_some(topic, written_logs_[topic], limit, [](const auto&) { return true; }).size()
             == limit;
      if (!more)
        written_logs_.erase(topic);
    });
    if (failed)
      return failed;
    return more;
  }
  caf::expected<std::vector<expired_record>> expire(std::int64_t now_us,
                                                    std::uint32_t limit) override {
    std::vector<expired_record> expired;
    auto failed = write([&] {
      for (auto& [topic, log] : written_logs_)
        for (auto each : erase_some(topic, log, limit - expired.size(), [&](const auto& record) {
               return record.expires_us <= now_us;
             }))
          expired.push_back(each);
    });
    if (failed)
      return failed;
    return expired;
  }
  caf::error commit() override {
    if (fail_commit)
      return make_error(errc::unavailable, "database or disk is full");
    if (!std::exchange(open_, false))
      throw std::logic_error{"a commit without a transaction"};
    on_disk = std::move(written_);
    logs_on_disk = std::move(written_logs_);
    ++commits;
    return {};
  }
  void rollback() override { open_ = false; }
  caf::expected<std::shared_ptr<log_reader>> open_reader() override {
    if (fail_open_reader)
      return make_error(errc::unavailable, "unable to open database file");
    return std::shared_ptr<log_reader>{std::make_shared<fake_log_reader>(logs_on_disk, fail_read)};
  }

  bool backup_waits() const override { return backup.has_value(); }
  caf::error take_up_backup() override {
    if (open_)
      throw std::logic_error{"a backup within a transaction"};
    if (fail_take_up)
      return make_error(errc::unavailable, "no room");
    std::tie(on_disk, logs_on_disk) = std::move(*backup);
    backup.reset();
    return {};
  }

private:
  template <class Write>
  caf::error write(Write what) {
    if (!open_)
      throw std::logic_error{"a write without a transaction"};
    if (fail_put)
      return make_error(errc::unavailable, "disk I/O error");
    what();
    return {};
  }
  template <class Which>
  caf::error erase_where(std::uint32_t topic, Which which) {
    return write([&] {
      if (const auto log = written_logs_.find(topic); log != written_logs_.end())
        erase_some(topic, log->second, log->second.messages.size(), which);
    });
  }

  documents written_;
  fake_logs written_logs_;
  bool open_ = false;
};

} // namespace muster::test
