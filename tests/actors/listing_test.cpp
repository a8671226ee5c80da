#include "actors/listing.hpp"
#include "messages/errc.hpp"
#include "tests/actors/a_roll.hpp"
#include "tests/catch.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;

namespace {

struct some_rows {
  entry_maker make{5};
  roll rows;
  frozen_lists kept;
  deadline now{};
  std::vector<std::string> ids;

  void connect(int count) {
    for (; count > 0; --count) {
      auto entry = make.make();
      ids.push_back(entry.row->from->id);
      rows.put(std::move(entry));
    }
  }
  void close_one() {
    const auto which = ids.begin() + make.pick(static_cast<int>(ids.size()));
    rows.erase(*which);
    ids.erase(which);
  }
  void change_one() {
    const auto* entry =
        rows.find(ids[static_cast<std::size_t>(make.pick(static_cast<int>(ids.size())))]);
    rows.update(make.change(entry->row->from));
  }

  caf::expected<connection_page> read(const connection_query& query) {
    return listing{*rows.snapshot(), kept, entry_maker::noon + std::chrono::hours{1}, now}.read(
        query);
  }
};

connection_query sorted_by(std::string_view name, bool descending = false,
                           std::uint32_t limit = 7) {
  connection_query query;
  query.sort_by = find_attribute(name);
  query.descending = descending;
  query.limit = limit;
  return query;
}

std::vector<std::string> ids_of(const connection_page& page) {
  std::vector<std::string> ids;
  for (const auto& row : page.rows)
    ids.push_back(row->from->id);
  return ids;
}

errc error_of(const caf::expected<connection_page>& result) {
  return result ? errc::internal : code_of(result.error());
}

} // namespace

TEST_CASE_METHOD(some_rows, "channel, client id and selector narrow a list down") {
  connect(200);
  auto query = sorted_by("id", false, 1000);
  query.channel = "crm";
  query.client_id = "ient-1";
  selector_fault fault;
  REQUIRE(selector::parse("tls exists", query.where, fault));
  std::set<std::string> expected;
  for (const auto& id : ids) {
    const auto& row = *rows.find(id)->row;
    if (row.from->channel == "crm" && row.who->client_id.find("ient-1") != std::string::npos
        && !row.from->tls.empty())
      expected.insert(id);
  }
  const auto page = read(query);
  REQUIRE(page);
  CHECK(!expected.empty());
  CHECK(ids_of(*page) == std::vector<std::string>{expected.begin(), expected.end()});
  CHECK(page->total == expected.size());
  CHECK(page->next_cursor.empty());
  CHECK(page->revision == rows.revision());
}

TEST_CASE_METHOD(some_rows, "null comes last in both directions, equal rows by their id") {
  connect(100);
  for (const bool descending : {false, true}) {
    const auto page = read(sorted_by("tls", descending, 1000));
    REQUIRE(page);
    REQUIRE(page->rows.size() == 100);
    CHECK(page->rows.back()->from->tls.empty());
    CHECK(std::is_sorted(page->rows.begin(), page->rows.end(),
                         [&](const row_ptr& a, const row_ptr& b) {
                           const auto& x = a->from->tls;
                           const auto& y = b->from->tls;
                           if (x.empty() != y.empty())
                             return y.empty();
                           if (x != y)
                             return (x < y) != descending;
                           return a->from->id < b->from->id;
                         }));
  }
}

TEST_CASE_METHOD(some_rows, "a window is a part of the whole sorted list") {
  connect(300);
  for (const auto* name : {"id", "connected_at", "bytes_in", "tls", "age", "remote_address"})
    for (const bool descending : {false, true}) {
      const auto all = ids_of(*read(sorted_by(name, descending, 1000)));
      for (const std::size_t offset : {0U, 1U, 137U, 290U, 299U, 300U, 5000U}) {
        auto query = sorted_by(name, descending, 20);
        query.offset = offset;
        const auto page = read(query);
        REQUIRE(page);
        const auto first = std::min<std::size_t>(offset, 300);
        const auto last = std::min<std::size_t>(first + 20, 300);
        CHECK(page->offset == first);
        CHECK(page->total == 300);
        CHECK(page->next_cursor.empty());
        CHECK(ids_of(*page)
              == std::vector<std::string>(all.begin() + static_cast<std::ptrdiff_t>(first),
                                          all.begin() + static_cast<std::ptrdiff_t>(last)));
      }
    }
}

TEST_CASE_METHOD(some_rows, "a window goes along with a row that was seen") {
  connect(300);
  auto query = sorted_by("id", false, 10);
  query.offset = 100;
  const auto before = ids_of(*read(query));
  // Forty rows in front of it go.
  std::sort(ids.begin(), ids.end());
  for (int i = 0; i < 40; ++i)
    rows.erase(ids[static_cast<std::size_t>(i)]);
  query.near = {{"gone", 99}, {before[3], 103}, {before[0], 999}};
  const auto page = read(query);
  REQUIRE(page);
  CHECK(page->offset == 60U);
  CHECK(ids_of(*page) == before);
  query.near = {{"gone", 99}};
  CHECK(read(query)->offset == 100U);
}

TEST_CASE_METHOD(some_rows, "a window stays within the list wherever its row has gone") {
  connect(50);
  std::sort(ids.begin(), ids.end());
  auto query = sorted_by("id", false, 10);
  query.offset = 5;
  query.near = {{ids.front(), 40}};
  CHECK(read(query)->offset == 0U);
  query.near = {{ids.back(), 0}};
  query.offset = 30;
  const auto page = read(query);
  CHECK(page->offset == 50U);
  CHECK(page->rows.empty());
  query.channel = "nothing";
  CHECK(read(query)->offset == 0U);
}

TEST_CASE_METHOD(some_rows, "a window of an empty list is empty") {
  auto query = sorted_by("id", false, 10);
  query.offset = 7;
  const auto page = read(query);
  REQUIRE(page);
  CHECK(page->offset == 0U);
  CHECK(page->total == 0);
}

TEST_CASE_METHOD(some_rows, "numbers and addresses are sorted as such") {
  connect(300);
  const auto by_bytes = read(sorted_by("bytes_in", true, 1000));
  REQUIRE(by_bytes);
  CHECK(std::is_sorted(by_bytes->rows.begin(), by_bytes->rows.end(),
                       [](const row_ptr& a, const row_ptr& b) {
                         return a->counters->bytes_in.load() > b->counters->bytes_in.load();
                       }));
  const auto by_address = read(sorted_by("remote_ip", false, 1000));
  REQUIRE(by_address);
  const auto last_number = [](const row_ptr& row) {
    const auto& ip = row->from->remote.ip;
    return std::pair{ip.substr(0, 6), std::stoi(ip.substr(ip.rfind('.') + 1))};
  };
  CHECK(std::is_sorted(
      by_address->rows.begin(), by_address->rows.end(),
      [&](const row_ptr& a, const row_ptr& b) { return last_number(a) < last_number(b); }));
}

TEST_CASE_METHOD(some_rows, "an age sorts like the time of the connect, backwards") {
  connect(50);
  const auto by_age = read(sorted_by("age", true, 1000));
  const auto by_time = read(sorted_by("connected_at", false, 1000));
  REQUIRE(by_age);
  REQUIRE(by_time);
  CHECK(ids_of(*by_age) == ids_of(*by_time));
}

TEST_CASE_METHOD(some_rows, "a cursor is refused with another question, or when it was touched") {
  connect(50);
  for (const auto* name : {"connected_at", "bytes_in", "user_agent"}) {
    auto query = sorted_by(name);
    const auto cursor = read(query)->next_cursor;
    REQUIRE(!cursor.empty());
    query.cursor = cursor;
    CHECK(read(query));
    query.limit = 3;
    CHECK(read(query));

    for (std::size_t i = 0; i < cursor.size(); ++i) {
      query.cursor = cursor;
      query.cursor[i] = cursor[i] == 'A' ? 'B' : 'A';
      REQUIRE(error_of(read(query)) == errc::bad_request);
    }
    for (const auto& bad : {cursor + "A", cursor.substr(1), std::string{"x"}, std::string{"%"},
                            std::string(5000, 'A')}) {
      query.cursor = bad;
      CHECK(error_of(read(query)) == errc::bad_request);
    }

    query.cursor = cursor;
    auto other = query;
    other.descending = true;
    CHECK(error_of(read(other)) == errc::bad_request);
    other = query;
    other.channel = "crm";
    CHECK(error_of(read(other)) == errc::bad_request);
    other = query;
    other.sort_by = find_attribute("id");
    CHECK(error_of(read(other)) == errc::bad_request);
    selector_fault fault;
    other = query;
    REQUIRE(selector::parse("tls exists", other.where, fault));
    CHECK(error_of(read(other)) == errc::bad_request);
  }
}

TEST_CASE_METHOD(some_rows, "a list that is kept gives way to newer ones, and to time") {
  connect(50);
  auto query = sorted_by("bytes_in");
  query.cursor = read(query)->next_cursor;
  for (std::size_t i = 1; i < frozen_lists::max_lists; ++i)
    read(sorted_by("bytes_in"));
  CHECK(read(query));
  read(sorted_by("bytes_in"));
  CHECK(kept.size() == frozen_lists::max_lists);
  CHECK(error_of(read(query)) == errc::cursor_expired);

  query.cursor.clear();
  query.cursor = read(query)->next_cursor;
  now += frozen_lists::lifetime - std::chrono::seconds{1};
  CHECK(read(query));
  now += std::chrono::seconds{1};
  CHECK(error_of(read(query)) == errc::cursor_expired);
  CHECK(kept.size() == 0);
}

TEST_CASE_METHOD(some_rows, "a list that fits on its page keeps nothing") {
  connect(7);
  CHECK(read(sorted_by("bytes_in"))->next_cursor.empty());
  CHECK(kept.size() == 0);
}

TEST_CASE_METHOD(some_rows, "the size of a page has its bounds") {
  connect(1200);
  CHECK(read(sorted_by("id", false, 0))->rows.size() == 1);
  CHECK(read(sorted_by("id", false, 5000))->rows.size() == 1000);
}

TEST_CASE_METHOD(some_rows, "all who match are found for a verb") {
  connect(100);
  selector where;
  selector_fault fault;
  REQUIRE(selector::parse("channel == \"crm\"", where, fault));
  const auto found = listing{*rows.snapshot(), kept, entry_maker::noon, now}.match(where);
  CHECK(!found.empty());
  CHECK(std::all_of(found.begin(), found.end(),
                    [](const roll_entry& e) { return e.row->from->channel == "crm"; }));
  CHECK(found.size()
        == read([] {
             auto query = sorted_by("id");
             query.channel = "crm";
             return query;
           }())
               ->total);
}

TEST_CASE_METHOD(some_rows, "whoever stays connected is seen once, whatever happens meanwhile") {
  connect(150);
  for (const auto& each : attributes()) {
    for (const bool descending : {false, true}) {
      INFO(each.name << (descending ? " descending" : " ascending"));
      const std::set<std::string> before{ids.begin(), ids.end()};
      std::map<std::string, int> seen;
      auto query = sorted_by(each.name, descending, 11);
      do {
        const auto page = read(query);
        REQUIRE(page);
        for (const auto& id : ids_of(*page))
          ++seen[id];
        query.cursor = page->next_cursor;
        for (int i = 0; i < 5; ++i) {
          connect(1);
          close_one();
          change_one();
        }
      } while (!query.cursor.empty());
      for (const auto& [id, times] : seen)
        REQUIRE(times == 1);
      for (const auto& id : ids)
        REQUIRE((before.count(id) == 0 || seen.count(id) == 1));
    }
  }
}
