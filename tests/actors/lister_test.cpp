#include "actors/lister.hpp"
#include "actors/registry.hpp"
#include "tests/actors/a_roll.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/silent_connection.hpp"
#include "tests/catch.hpp"

#include <memory>
#include <string>

using namespace muster;
using namespace muster::test;

namespace {

struct one_lister : actor_world {
  entry_maker make;
  registry_actor rows = start<registry>(static_cast<reverse_dns*>(nullptr));
  lister_actor testee = start_on_loop<lister>(house_with(rows));

  static house_ptr house_with(const registry_actor& rows) {
    auto result = std::make_shared<house>();
    result->registry = rows;
    return result;
  }
  void connect(int count) {
    for (; count > 0; --count) {
      auto entry = make.make();
      entry.connection = start<silent_connection>();
      tell(rows, enter_roll{entry});
    }
  }
  answer<connection_page> list(const std::string& sort_by, std::string cursor = {}) {
    connection_query query;
    query.sort_by = find_attribute(sort_by);
    query.limit = 10;
    query.cursor = std::move(cursor);
    return ask<connection_page>(testee, query);
  }
};

} // namespace

TEST_CASE_METHOD(one_lister, "a list is read from the registry's snapshot") {
  connect(25);
  const auto first = list("connected_at");
  CHECK(first->rows.size() == 10);
  CHECK(first->total == 25);
  const auto second = list("connected_at", first->next_cursor);
  const auto third = list("connected_at", second->next_cursor);
  CHECK(third->rows.size() == 5);
  CHECK(third->next_cursor.empty());
}

TEST_CASE_METHOD(one_lister, "an order that changes is kept for ten minutes") {
  connect(25);
  const auto cursor = list("bytes_in")->next_cursor;
  pass(std::chrono::minutes{9});
  CHECK(list("bytes_in", cursor)->rows.size() == 10);
  pass(std::chrono::minutes{1});
  CHECK(list("bytes_in", cursor).error() == errc::cursor_expired);
}

TEST_CASE_METHOD(one_lister, "a cursor that is none of ours is refused") {
  connect(1);
  CHECK(list("id", "nonsense").error() == errc::bad_request);
}

TEST_CASE_METHOD(one_lister, "a selector finds the connections for a verb") {
  connect(20);
  match_connections request;
  selector_fault fault;
  REQUIRE(selector::parse("channel == \"crm\"", request.where, fault));
  const auto found = ask<matched_connections>(testee, request);
  CHECK(!found->entries.empty());
  CHECK(found->entries.size() < 20);
  for (const auto& each : found->entries)
    CHECK(each.row->from->channel == "crm");
}

TEST_CASE_METHOD(one_lister, "several questions are answered from one snapshot") {
  connect(5);
  connection_query query;
  const auto one = ask_later<connection_page>(testee, query);
  const auto other = ask_later<connection_page>(testee, query);
  settle();
  CHECK(one->revision == other->revision);
}

TEST_CASE_METHOD(one_lister,
                 "a registry that is down makes lists unavailable, until there is another") {
  connect(25);
  const auto by_time = list("connected_at")->next_cursor;
  const auto by_bytes = list("bytes_in")->next_cursor;
  tell(rows, drill{});
  CHECK(list("id").error() == errc::unavailable);
  rows = start<registry>(static_cast<reverse_dns*>(nullptr));
  tell(testee, house_with(rows));
  connect(3);
  CHECK(list("id")->total == 3);
  CHECK(list("connected_at", by_time).replied());
  CHECK(list("bytes_in", by_bytes).error() == errc::cursor_expired);
}

TEST_CASE_METHOD(one_lister, "a new house with the same registry keeps what is kept") {
  connect(25);
  const auto cursor = list("bytes_in")->next_cursor;
  tell(testee, house_with(rows));
  CHECK(list("bytes_in", cursor)->rows.size() == 10);
}

TEST_CASE_METHOD(one_lister,
                 "a question that crosses the change of registries is answered, if by no") {
  connect(5);
  const auto crossing = ask_later<connection_page>(testee, connection_query{});
  // The question reaches the lister before the new house does, the snapshot after it.
  caf::anon_send(testee, house_with(start<registry>(static_cast<reverse_dns*>(nullptr))));
  settle();
  CHECK(!crossing.pending());
}

TEST_CASE_METHOD(one_lister, "a drill ends the lister alone") {
  tell(testee, drill{});
  CHECK(list("id").failed());
  CHECK(ask<snapshot_taken>(rows, take_snapshot{}).replied());
}
