#include "actors/drain.hpp"
#include "actors/registry.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/actors/silent_connection.hpp"
#include "tests/catch.hpp"

#include <memory>
#include <string>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A drain of connections that are on the roll.
class one_drain : public actor_world {
public:
  one_drain() {
    addresses.registry = start<registry>(static_cast<reverse_dns*>(nullptr));
    testee = start<drain>(std::make_shared<const house>(addresses));
  }

  connection_actor connect() {
    auto from = std::make_shared<arrival>();
    from->id = "ws." + std::to_string(made_++);
    auto row = std::make_shared<connection_row>();
    row->from = from;
    row->counters = std::make_shared<connection_counters>();
    auto who = start<silent_connection>();
    ask<done>(addresses.registry, enter_roll{{row, who}});
    return who;
  }
  std::size_t left() {
    return ask<snapshot_taken>(addresses.registry, take_snapshot{})->roll->size();
  }

  house addresses;
  drain_actor testee;

private:
  int made_ = 0;
};

/// Does not end when it is told to.
class stubborn_connection : public silent_connection {
public:
  explicit stubborn_connection(handle::pointer self) : silent_connection{self}, self_{self} {}
  handle::behavior_type start() {
    self_->set_exit_handler([](const caf::exit_msg&) {});
    return silent_connection::start();
  }

private:
  handle::pointer self_;
};

} // namespace

TEST_CASE_METHOD(one_drain, "connections end evenly over the window") {
  for (int i = 0; i < 100; ++i)
    connect();
  const auto over = ask<done>(testee, drain_connections{2s});
  CHECK(left() >= 95);
  pass(1s);
  CHECK(left() >= 45);
  CHECK(left() <= 55);
  CHECK(over.pending());
  pass(1500ms);
  CHECK(left() == 0);
  CHECK(over.replied());
}

TEST_CASE_METHOD(one_drain, "with nobody there it is over at once") {
  CHECK(ask<done>(testee, drain_connections{10s}).replied());
}

TEST_CASE_METHOD(one_drain, "who comes in meanwhile ends too") {
  connect();
  connect();
  const auto over = ask<done>(testee, drain_connections{1s});
  connect();
  pass(2s);
  CHECK(over.replied());
  CHECK(left() == 0);
}

TEST_CASE_METHOD(one_drain, "who does not go is made to, some seconds after the window") {
  auto from = std::make_shared<arrival>();
  from->id = "ws.stubborn";
  auto row = std::make_shared<connection_row>();
  row->from = from;
  row->counters = std::make_shared<connection_counters>();
  ask<done>(addresses.registry, enter_roll{{row, start<stubborn_connection>()}});
  const auto over = ask<done>(testee, drain_connections{1s});
  pass(11s);
  CHECK(over.pending());
  pass(2s);
  CHECK(over.replied());
  CHECK(left() == 0);
}

TEST_CASE_METHOD(one_drain, "without a roll it is over") {
  connect();
  exit(addresses.registry);
  CHECK(ask<done>(testee, drain_connections{1s}).replied());
}
