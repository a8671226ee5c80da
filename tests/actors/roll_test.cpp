#include "actors/roll.hpp"
#include "tests/actors/a_roll.hpp"
#include "tests/catch.hpp"

#include <map>
#include <string>
#include <vector>

using namespace muster;
using namespace muster::test;

namespace {

using model = std::map<std::string, row_ptr>;

model read(const roll_snapshot& rows) {
  model found;
  rows.for_each([&](const roll_entry& entry, roll_ticket ticket) {
    found[entry.row->from->id] = entry.row;
    REQUIRE(rows.find(ticket) == &entry);
  });
  REQUIRE(found.size() == rows.size());
  return found;
}

} // namespace

TEST_CASE("an entry is found by its id until it is taken off") {
  entry_maker make;
  roll testee;
  const auto entry = make.make();
  const auto id = entry.row->from->id;
  CHECK(testee.put(entry));
  CHECK(testee.find(id)->row == entry.row);
  CHECK(testee.erase(id));
  CHECK(testee.find(id) == nullptr);
  CHECK(!testee.erase(id));
  CHECK(testee.size() == 0);
}

TEST_CASE("an entry with a known id takes the other one's place") {
  entry_maker make;
  roll testee;
  const auto entry = make.make();
  testee.put(entry);
  const auto newer = make.change(entry.row->from);
  CHECK(!testee.put({newer, {}}));
  CHECK(testee.size() == 1);
  CHECK(testee.find(entry.row->from->id)->row == newer);
}

TEST_CASE("a row of somebody who is not on the roll is left out") {
  entry_maker make;
  roll testee;
  CHECK(!testee.update(make.make().row));
  CHECK(testee.revision() == 0);
}

TEST_CASE("a snapshot stays what it was, and is the same one until something changes") {
  entry_maker make;
  roll testee;
  const auto first = make.make();
  testee.put(first);
  const auto before = testee.snapshot();
  CHECK(testee.snapshot() == before);
  testee.put(make.make());
  testee.erase(first.row->from->id);
  CHECK(read(*before) == model{{first.row->from->id, first.row}});
  CHECK(testee.snapshot() != before);
  CHECK(testee.snapshot()->revision() > before->revision());
}

TEST_CASE("a ticket is good for one stay only") {
  entry_maker make;
  roll testee;
  const auto first = make.make();
  testee.put(first);
  roll_ticket ticket;
  testee.snapshot()->for_each([&](const roll_entry&, roll_ticket each) { ticket = each; });
  testee.update(make.change(first.row->from));
  CHECK(testee.snapshot()->find(ticket) != nullptr);
  testee.erase(first.row->from->id);
  CHECK(testee.snapshot()->find(ticket) == nullptr);
  testee.put(make.make());
  CHECK(testee.snapshot()->find(ticket) == nullptr);
  CHECK(testee.snapshot()->find({9999, 0}) == nullptr);
}

TEST_CASE("snapshots hold whatever changes come between them") {
  entry_maker make{3};
  roll testee;
  model expected;
  std::vector<std::pair<std::shared_ptr<const roll_snapshot>, model>> taken;
  std::uint64_t revision = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto what = make.pick(10);
    if (what < 5 || expected.empty()) {
      auto entry = make.make();
      expected[entry.row->from->id] = entry.row;
      testee.put(std::move(entry));
    } else {
      auto which = expected.begin();
      std::advance(which, make.pick(static_cast<int>(expected.size())));
      if (what < 8) {
        which->second = make.change(which->second->from);
        REQUIRE(testee.update(which->second));
      } else {
        REQUIRE(testee.erase(which->first));
        expected.erase(which);
      }
    }
    REQUIRE(testee.revision() > revision);
    revision = testee.revision();
    if (make.pick(500) == 0)
      taken.emplace_back(testee.snapshot(), expected);
  }
  taken.emplace_back(testee.snapshot(), expected);
  for (const auto& [snapshot, model_then] : taken)
    CHECK(read(*snapshot) == model_then);
}
