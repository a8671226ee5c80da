#include "actors/registry.hpp"
#include "tests/actors/a_roll.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/silent_connection.hpp"
#include "tests/catch.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace muster;
using namespace muster::test;

namespace {

/// Answers when the test says so.
class fake_dns final : public reverse_dns {
public:
  void look_up(const std::string& ip, callback done) override {
    asked.push_back(ip);
    if (at_once)
      done(outcome::ok, "host-of-" + ip);
    else
      waiting.emplace(ip, std::move(done));
  }
  void answer(const std::string& ip, outcome how, std::string name = {}) {
    auto node = waiting.extract(ip);
    node.mapped()(how, std::move(name));
  }

  bool at_once = false;
  std::vector<std::string> asked;
  std::map<std::string, callback> waiting;
};

struct one_registry : actor_world {
  fake_dns names;
  entry_maker make;
  registry_actor testee = start<registry>(static_cast<reverse_dns*>(&names));

  roll_entry entry(const std::string& ip = "10.0.0.1") {
    auto result = make.make();
    auto from = std::make_shared<arrival>(*result.row->from);
    from->remote.ip = ip;
    result.row = make.change(from);
    result.connection = start<silent_connection>();
    return result;
  }
  roll_entry entered(const std::string& ip = "10.0.0.1") {
    auto result = entry(ip);
    REQUIRE(ask<done>(testee, enter_roll{result}).replied());
    return result;
  }
  answer<found_connection> find(const roll_entry& entry) {
    return ask<found_connection>(testee, find_connection{entry.row->from->id});
  }
  row_ptr row_of(const roll_entry& entry) { return find(entry)->entry.row; }
  std::shared_ptr<const roll_snapshot> snapshot() {
    return ask<snapshot_taken>(testee, take_snapshot{})->roll;
  }
};

} // namespace

TEST_CASE_METHOD(one_registry, "a connection that has entered is in the next snapshot") {
  CHECK(snapshot()->size() == 0);
  const auto one = entered();
  const auto rows = snapshot();
  CHECK(rows->size() == 1);
  rows->for_each([&](const roll_entry& each, roll_ticket) {
    CHECK(each.row->from == one.row->from);
    CHECK(each.connection == one.connection);
  });
  CHECK(find(one)->entry.connection == one.connection);
}

TEST_CASE_METHOD(one_registry, "many lists share one snapshot until something changes") {
  entered();
  const auto first = snapshot();
  CHECK(snapshot() == first);
  entered();
  CHECK(snapshot() != first);
}

TEST_CASE_METHOD(one_registry, "a connection that ends leaves the roll, however it ends") {
  const auto one = entered();
  const auto other = entered();
  exit(one.connection);
  CHECK(find(one).error() == errc::not_found);
  CHECK(snapshot()->size() == 1);
  exit(other.connection, caf::exit_reason::kill);
  CHECK(snapshot()->size() == 0);
}

TEST_CASE_METHOD(one_registry, "a connection that had ended before it entered does not stay") {
  const auto one = entry();
  exit(one.connection);
  CHECK(ask<done>(testee, enter_roll{one}).replied());
  CHECK(snapshot()->size() == 0);
}

TEST_CASE_METHOD(one_registry, "entering again replaces the row and monitors no second time") {
  auto one = entered();
  one.row = make.change(one.row->from);
  CHECK(ask<done>(testee, enter_roll{one}).replied());
  CHECK(snapshot()->size() == 1);
  CHECK(row_of(one)->who == one.row->who);
  exit(one.connection);
  CHECK(snapshot()->size() == 0);
}

TEST_CASE_METHOD(one_registry, "a newer row takes the place of the old, a stranger's is ignored") {
  const auto one = entered();
  const auto newer = make.change(one.row->from);
  tell(testee, update_row{newer});
  CHECK(row_of(one)->counters == newer->counters);
  tell(testee, update_row{make.make().row});
  CHECK(snapshot()->size() == 1);
}

TEST_CASE_METHOD(one_registry, "a name is looked up once for all connections of an address") {
  const auto one = entered("10.0.0.1");
  const auto two = entered("10.0.0.1");
  const auto three = entered("10.0.0.2");
  CHECK(names.asked == std::vector<std::string>{"10.0.0.1", "10.0.0.2"});
  CHECK(row_of(one)->fqdn_state == dns_state::pending);
  names.answer("10.0.0.1", reverse_dns::outcome::ok, "till.example");
  names.answer("10.0.0.2", reverse_dns::outcome::timeout);
  settle();
  for (const auto& each : {one, two}) {
    CHECK(row_of(each)->remote_fqdn == "till.example");
    CHECK(row_of(each)->fqdn_state == dns_state::ok);
  }
  CHECK(row_of(three)->fqdn_state == dns_state::timeout);
}

TEST_CASE_METHOD(one_registry, "a newer row keeps the name that was found") {
  const auto one = entered();
  names.answer("10.0.0.1", reverse_dns::outcome::ok, "till.example");
  settle();
  const auto newer = make.change(one.row->from);
  tell(testee, update_row{newer});
  CHECK(row_of(one)->remote_fqdn == "till.example");
  CHECK(row_of(one)->counters == newer->counters);
  ask<done>(testee, enter_roll{{make.change(one.row->from), one.connection}});
  CHECK(row_of(one)->fqdn_state == dns_state::ok);
}

TEST_CASE_METHOD(one_registry, "a name that is in the cache is there at once") {
  names.at_once = true;
  const auto one = entered();
  CHECK(row_of(one)->remote_fqdn == "host-of-10.0.0.1");
}

TEST_CASE_METHOD(one_registry, "a name for somebody who has gone does no harm") {
  const auto one = entered();
  exit(one.connection);
  names.answer("10.0.0.1", reverse_dns::outcome::none);
  settle();
  CHECK(snapshot()->size() == 0);
}

TEST_CASE_METHOD(one_registry, "names that are found after the registry's time go nowhere") {
  entered();
  exit(testee);
  names.answer("10.0.0.1", reverse_dns::outcome::ok, "till.example");
  settle();
  CHECK(names.waiting.empty());
}

TEST_CASE_METHOD(one_registry, "without reverse DNS no address has a name") {
  testee = start<registry>(static_cast<reverse_dns*>(nullptr));
  const auto one = entered();
  CHECK(row_of(one)->fqdn_state == dns_state::none);
}

TEST_CASE_METHOD(one_registry, "a drill ends the registry and nobody else") {
  const auto one = entered();
  tell(testee, drill{});
  CHECK(ask<snapshot_taken>(testee, take_snapshot{}).failed());
  CHECK(ask<invoke_reply>(one.connection, invoke{}).replied());
}

TEST_CASE("addresses beyond those in flight wait in line, and there is an end to the line") {
  std::vector<std::string> started;
  name_lookups testee{[&](const std::string& ip) { started.push_back(ip); }};
  for (std::size_t i = 0; i < name_lookups::max_addresses; ++i)
    REQUIRE(testee.add(std::to_string(i), "id"));
  CHECK(!testee.add("one more", "id"));
  CHECK(testee.add("0", "other"));
  CHECK(started.size() == name_lookups::max_in_flight);
  CHECK(testee.take("0") == std::vector<std::string>{"id", "other"});
  CHECK(started.size() == name_lookups::max_in_flight + 1);
  CHECK(testee.take("0").empty());
  CHECK(testee.size() == name_lookups::max_addresses - 1);
}
