#pragma once

#include "storage/database.hpp"
#include "storage/sqlite.hpp"
#include "tests/catch.hpp"
#include "tests/storage/log_rows.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// A database and a reader of its logs.
struct topic_logs : test::scratch_directory {
  std::shared_ptr<storage> db = *open_database(path());
  std::shared_ptr<log_reader> reader = *db->open_reader();

  std::string file() const { return (path() / "muster.db").string(); }

  /// Writes within a transaction.
  template <class Write>
  void change(Write what) {
    REQUIRE(!db->begin());
    what();
    REQUIRE(!db->commit());
  }
  void append(std::uint32_t topic, const log_record& record) {
    change([&] { REQUIRE(!db->append(topic, record)); });
  }
  void append(std::uint32_t topic, std::uint64_t first, std::uint64_t last) {
    change([&] {
      for (auto seq = first; seq <= last; ++seq)
        REQUIRE(!db->append(topic, some_record(seq)));
    });
  }
  std::vector<std::uint64_t> seqs(std::uint32_t topic, std::uint8_t lane = 4,
                                  std::uint64_t after = 0, std::uint32_t limit = 1000,
                                  std::uint64_t max_bytes = 1'000'000) {
    std::vector<std::uint64_t> found;
    const auto records = reader->read(topic, lane, after, limit, max_bytes);
    REQUIRE(records);
    for (const auto& record : *records)
      found.push_back(record.seq);
    return found;
  }
  stored_log load(std::uint32_t topic) { return *reader->load(topic); }
  log_size size(std::uint32_t topic) {
    const auto sizes = *reader->survey();
    const auto found = std::find_if(sizes.begin(), sizes.end(),
                                    [&](const log_size& each) { return each.topic == topic; });
    REQUIRE(found != sizes.end());
    return *found;
  }
  void raw(const std::string& sql) {
    auto other = std::move(*sqlite_database::open(file()));
    REQUIRE(!other.execute(sql));
  }
  void reopen() {
    reader = nullptr;
    db = nullptr;
    db = *open_database(path());
    reader = *db->open_reader();
  }
};

using numbers = std::vector<std::uint64_t>;

} // namespace muster::test
