#pragma once

#include "actors/storage.hpp"
#include "messages/errc.hpp"

#include <map>
#include <stdexcept>
#include <utility>

namespace muster::test {

/// Documents in memory that count their commits and fail on demand.
class fake_storage final : public storage {
public:
  using documents = std::map<std::pair<document_kind, std::string>, std::string>;

  documents on_disk;
  int commits = 0;
  bool fail_begin = false;
  bool fail_put = false;
  bool fail_commit = false;
  bool fail_load = false;

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
    return {};
  }
  caf::error put(document_kind kind, const std::string& key, std::string_view body) override {
    if (fail_put)
      return make_error(errc::unavailable, "disk I/O error");
    changed()[{kind, key}] = body;
    return {};
  }
  caf::error erase(document_kind kind, const std::string& key) override {
    changed().erase({kind, key});
    return {};
  }
  caf::error commit() override {
    if (fail_commit)
      return make_error(errc::unavailable, "database or disk is full");
    on_disk = std::exchange(changed(), {});
    open_ = false;
    ++commits;
    return {};
  }
  void rollback() override { open_ = false; }

private:
  documents& changed() {
    if (!open_)
      throw std::logic_error{"a write without a transaction"};
    return written_;
  }

  documents written_;
  bool open_ = false;
};

} // namespace muster::test
