#include "admin/history.hpp"
#include "tests/actors/actor_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

double rate_of(const activity& done, std::string_view name) {
  for (std::size_t i = 0; i < shown_rates.size(); ++i)
    if (shown_rates[i].name == name)
      return done.rates[i];
  FAIL("there is no such rate");
  return 0;
}

std::unique_ptr<server_counters> counted() {
  return std::make_unique<server_counters>();
}

event_count& slot(server_counters& all, invoke_outcome which) {
  return all.invocations[static_cast<std::size_t>(which)];
}

channel_info with(std::uint64_t connections, std::uint64_t sessions) {
  return {std::make_shared<const channel_definition>(), connections, sessions, false, {}};
}

/// A history of a server with two channels, whose loop is busy half of the time.
class some_history : public actor_world {
public:
  some_history() {
    first.channels = start_catalogue();
    const auto addresses = std::make_shared<const house>(first);
    supervisor_actor root = system.spawn<caf::hidden>(
        [addresses](supervisor_actor::pointer) -> supervisor_actor::behavior_type {
          return {[addresses](const find_house&) { return addresses; },
                  [](const drain_connections&) { return done{}; },
                  [](const reload_state&) { return done{}; }};
        });
    history_sources sources{keep(root), start<process_watch>(), [this] {
                              return std::vector<double>{
                                  std::chrono::duration<double>(loop.now() - begin).count() / 2};
                            }};
    testee = start<history>(std::move(sources));
    settle();
  }

  catalogue_actor start_catalogue() {
    return keep(system.spawn<caf::hidden>(
        [this](catalogue_actor::pointer) -> catalogue_actor::behavior_type {
          return {[this](const list_channels&) -> caf::result<channel_list> {
                    if (broken)
                      return errc::unavailable;
                    return channel_list{{with(3, 2), with(4, 1)}};
                  },
                  [](const find_channel&) -> caf::result<channel_info> { return errc::internal; },
                  [](const create_channel&) -> caf::result<channel_info> { return errc::internal; },
                  [](const edit_channel&) -> caf::result<channel_edited> { return errc::internal; },
                  [](const house_ptr&) {},
                  [](const drill&) {}};
        }));
  }

  std::vector<std::shared_ptr<const history_point>> points() {
    return ask<kept_history>(testee, take_history{})->points;
  }

  deadline begin = loop.now();
  bool broken = false;
  house first;
  history_actor testee;
};

} // namespace

TEST_CASE("what was done is shown by the second") {
  work_done before;
  work_done after;
  before.messages_in = 10;
  before.busy_seconds = {1, 1};
  after.messages_in = 30;
  after.bytes_in = 4000;
  after.commits = 4;
  after.commit_ns = 6'000'000;
  after.cpu_seconds = 3;
  after.busy_seconds = {2, 9};
  const auto done = activity_between(before, after, 2);
  CHECK(done.window == 2);
  CHECK(rate_of(done, "messages_in") == 10);
  CHECK(rate_of(done, "bytes_in") == 2000);
  CHECK(rate_of(done, "connects") == 0);
  CHECK(rate_of(done, "commits") == 2);
  CHECK(done.commit_ms == 1.5);
  CHECK(done.cpu == 1.5);
  CHECK(done.loop_load == std::vector<double>{0.5, 1});
}

TEST_CASE("no time and no commits make no rates") {
  work_done after;
  after.messages_in = 5;
  CHECK(rate_of(activity_between({}, after, 0), "messages_in") == 0);
  CHECK(!activity_between({}, after, 1).commit_ms);
  CHECK(rate_of(activity_between(after, {}, 1), "messages_in") == 0);
}

TEST_CASE("each error and each slow consumer is counted once") {
  const auto all = counted();
  slot(*all, invoke_outcome::ok) = 5;
  slot(*all, invoke_outcome::timeout) = 2;
  // Of those two, one was answered after all.
  slot(*all, invoke_outcome::late) = 1;
  slot(*all, invoke_outcome::refused) = 1;
  CHECK(work_of(*all).invocations == 8);
  CHECK(work_of(*all).errors == 3);
  all->sessions_refused = 10;
  all->handshakes_refused[2] = 20;
  all->publications_refused = 30;
  all->store_failures = 40;
  all->actor_failures = 50;
  CHECK(work_of(*all).errors == 153);
  all->closes[0] = 1;
  all->closes[3] = 2;
  CHECK(work_of(*all).disconnects == 3);

  all->messages_dropped = 3;
  all->deliveries_dropped[static_cast<std::size_t>(drop_cause::slow_consumer)] = 3;
  all->deliveries_dropped[static_cast<std::size_t>(drop_cause::expired)] = 100;
  all->deliveries_dropped[static_cast<std::size_t>(drop_cause::depth)] = 4;
  all->limit_hits[static_cast<std::size_t>(limit_kind::send_queue)] = 5;
  all->limit_hits[static_cast<std::size_t>(limit_kind::rate)] = 100;
  CHECK(work_of(*all).slow_consumers == 12);
}

TEST_CASE_METHOD(some_history, "a point is added every five seconds") {
  CHECK(points().empty());
  pass(4900ms);
  CHECK(points().empty());
  count(counters().messages_in, 50);
  pass(200ms);
  REQUIRE(points().size() == 1);
  const auto first_point = points()[0];
  CHECK(first_point->connections == 7);
  CHECK(first_point->sessions == 3);
  CHECK(first_point->resident_bytes > 0);
  CHECK(first_point->done.window == 5);
  CHECK(rate_of(first_point->done, "messages_in") == 10);
  CHECK(first_point->done.loop_load == std::vector<double>{0.5});
  pass(5s);
  REQUIRE(points().size() == 2);
  CHECK(points()[0] == first_point);
  CHECK(points()[1]->at >= first_point->at);
  CHECK(rate_of(points()[1]->done, "messages_in") == 0);
}

TEST_CASE_METHOD(some_history, "no more than a quarter of an hour is kept") {
  pass(5s);
  const auto oldest = points()[0];
  pass(5s * (history::max_points - 1));
  CHECK(points().size() == history::max_points);
  CHECK(points()[0] == oldest);
  pass(5s);
  CHECK(points().size() == history::max_points);
  CHECK(points()[0] != oldest);
}

TEST_CASE_METHOD(some_history, "a catalogue that does not answer leaves what was known") {
  pass(5s);
  broken = true;
  pass(5s);
  REQUIRE(points().size() == 2);
  CHECK(points()[1]->connections == 7);
}

TEST_CASE_METHOD(some_history, "the rates of now are over two seconds at least") {
  pass(10s);
  count(counters().publications, 60);
  pass(1s);
  const auto soon = ask<current_rates>(testee, take_rates{});
  CHECK(soon->done.window == 6);
  CHECK(rate_of(soon->done, "publications") == 10);
  CHECK(soon->process.resident_bytes > 0);
  CHECK(soon->process.open_fds > 0);
  pass(2s);
  CHECK(ask<current_rates>(testee, take_rates{})->done.window == 3);
}
