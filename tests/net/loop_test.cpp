#include "net/loop.hpp"

#include "net/front_desk.hpp"
#include "tests/catch.hpp"
#include "tests/net/running_loops.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <stdexcept>
#include <thread>

using namespace muster;
using namespace std::chrono_literals;

namespace {

/// Answers, fails, or never answers.
using oracle = caf::typed_actor<caf::replies_to<drill>::with<done>>;

oracle start_oracle(caf::actor_system& system) {
  return system.spawn([](oracle::pointer self) -> oracle::behavior_type {
    return {[self](const drill& what) -> caf::result<done> {
      if (what.what == "fail")
        return make_error(errc::conflict, "as asked");
      if (what.what == "silence")
        return self->make_response_promise<done>();
      if (what.what == "quit")
        self->quit();
      return done{};
    }};
  });
}

/// One answer, which comes on another thread.
struct reply_slot {
  std::promise<errc> promise;
  std::atomic<int> calls{0};
  desk::callback<done> callback() {
    return [this](caf::expected<done> reply) {
      if (++calls == 1)
        promise.set_value(reply ? errc{} : code_of(reply.error()));
    };
  }
  errc get() { return promise.get_future().get(); }
};

} // namespace

TEST_CASE_METHOD(test::running_loops, "tasks that are posted run on the loop in their order") {
  std::vector<int> order;
  for (int i = 0; i < 1000; ++i)
    all[1].post([&order, i] { order.push_back(i); });
  CHECK(on(all[1], [&] { return loop::current() == &all[1]; }));
  REQUIRE(order.size() == 1000);
  CHECK(std::is_sorted(order.begin(), order.end()));
  CHECK(loop::current() == nullptr);
}

TEST_CASE_METHOD(test::running_loops, "a handler that throws does not end the loop") {
  all[0].post([] { throw std::runtime_error{"a test"}; });
  CHECK(on(all[0], [] { return true; }));
}

TEST_CASE_METHOD(test::running_loops, "a deadline wakes a loop that sleeps") {
  struct bell final : wheel::timer {
    std::promise<deadline> rung;
    void on_deadline() override { rung.set_value(std::chrono::steady_clock::now()); }
  };
  bell testee;
  auto due = on(all[0], [&] {
    const auto at = all[0].now() + 50ms;
    all[0].deadlines().arm(testee, at);
    return at;
  });
  const auto rung = testee.rung.get_future().get();
  CHECK(rung >= due);
  CHECK(rung < due + 1s);
}

TEST_CASE_METHOD(test::running_loops,
                 "a sleeping loop hardly turns though deadlines are far away") {
  struct bell final : wheel::timer {
    void on_deadline() override {}
  };
  bell testee;
  on(all[0], [&] { all[0].deadlines().arm(testee, all[0].now() + 1h); });
  const auto before = all[0].turns();
  caf::scoped_actor self{*system};
  self->delayed_send(self, 300ms, 1);
  self->receive([](int) {});
  CHECK(all[1].turns() < 100);
  CHECK(all[0].turns() - before < 100);
  on(all[0], [&] { testee.disarm(); });
}

TEST_CASE_METHOD(test::running_loops, "time stands still within a turn and goes on between") {
  const auto first = on(all[0], [&] {
    const auto before = all[0].now();
    const auto until = std::chrono::steady_clock::now() + 2ms;
    while (std::chrono::steady_clock::now() < until) {
    }
    return all[0].now() == before ? before : deadline{};
  });
  CHECK(first != deadline{});
  // The next task may still belong to the same turn.
  bool later = false;
  for (int tries = 0; tries < 100000 && !later; ++tries)
    later = on(all[0], [&] { return all[0].now(); }) > first;
  CHECK(later);
}

TEST_CASE_METHOD(test::running_loops, "actors run on the loops and talk across them") {
  std::atomic<int> strangers{0};
  std::vector<caf::actor> actors;
  for (int i = 0; i < 20; ++i)
    actors.push_back(system->spawn([&](caf::event_based_actor*) -> caf::behavior {
      return {[&](int x) {
        if (loop::current() == nullptr)
          ++strangers;
        return x + 1;
      }};
    }));
  caf::scoped_actor self{*system};
  int sum = 0;
  for (int i = 0; i < 1000; ++i)
    self->request(actors[static_cast<std::size_t>(i) % actors.size()], caf::infinite, i)
        .receive([&](int x) { sum += x; }, [](const caf::error&) {});
  CHECK(sum == 500500);
  CHECK(strangers == 0);
  for (auto& each : actors)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

TEST_CASE_METHOD(test::running_loops, "the loops' clock delivers delayed messages and timeouts") {
  caf::scoped_actor self{*system};
  const auto begin = std::chrono::steady_clock::now();
  self->delayed_send(self, 30ms, 7);
  int got = 0;
  self->receive([&](int x) { got = x; });
  CHECK(got == 7);
  CHECK(std::chrono::steady_clock::now() - begin >= 30ms);

  auto silent = start_oracle(*system);
  std::promise<bool> timed_out;
  system->spawn([&](caf::event_based_actor* asker) {
    asker->request(silent, 20ms, drill{"silence"})
        .then(
            [&](const done&) { timed_out.set_value(false); },
            [&](const caf::error& why) { timed_out.set_value(why == caf::sec::request_timeout); });
  });
  CHECK(timed_out.get_future().get());
  caf::anon_send_exit(silent, caf::exit_reason::user_shutdown);
}

TEST_CASE_METHOD(test::running_loops, "the desk brings every question one answer") {
  auto asked = start_oracle(*system);
  const auto ask = [&](const char* what, duration patience, reply_slot& slot) {
    all[0].post([&, what, patience] {
      all[0].desk().ask<done>(asked, drill{what}, patience, slot.callback());
    });
    return slot.get();
  };
  reply_slot good, failed, late, last, after;
  CHECK(ask("answer", 5s, good) == errc{});
  CHECK(ask("fail", 5s, failed) == errc::conflict);
  CHECK(ask("silence", 50ms, late) == errc::timed_out);
  CHECK(ask("quit", 5s, last) == errc{});
  const auto why = ask("answer", 5s, after);
  CHECK((why == errc::connection_closed || why == errc::unavailable));
  on(all[0], [] {});
  CHECK(good.calls == 1);
  CHECK(late.calls == 1);
}

TEST_CASE_METHOD(test::running_loops, "an answer after the deadline is dropped") {
  using slow = caf::typed_actor<caf::replies_to<drill>::with<done>, caf::reacts_to<done>>;
  auto asked = system->spawn([](slow::pointer self) -> slow::behavior_type {
    auto kept = std::make_shared<caf::typed_response_promise<done>>();
    return {[self, kept](const drill&) {
              *kept = self->make_response_promise<done>();
              return *kept;
            },
            [self, kept](const done&) {
              kept->deliver(done{});
              self->quit();
            }};
  });
  reply_slot slot;
  all[0].post([&] { all[0].desk().ask<done>(asked, drill{}, 20ms, slot.callback()); });
  CHECK(slot.get() == errc::timed_out);
  caf::anon_send(asked, done{});
  caf::scoped_actor self{*system};
  self->wait_for(asked);
  on(all[0], [] {});
  on(all[0], [] {});
  CHECK(slot.calls == 1);
}

TEST_CASE_METHOD(test::running_loops, "asking nobody is answered, and not at once") {
  reply_slot slot;
  const bool at_once = on(all[0], [&] {
    all[0].desk().ask<done>(oracle{}, drill{}, 5s, slot.callback());
    return slot.calls != 0;
  });
  CHECK(!at_once);
  CHECK(slot.get() == errc::unavailable);
}

TEST_CASE_METHOD(test::running_loops, "new addresses reach the desks of all loops") {
  auto made = std::make_shared<house>();
  all.publish(made);
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool there = false;
    for (int tries = 0; tries < 1000 && !there; ++tries)
      there = on(all[i], [&, i] { return &all[i].desk().addresses() == made.get(); });
    CHECK(there);
  }
}

TEST_CASE("questions that are open when the loops stop are answered") {
  reply_slot slot;
  {
    test::running_loops world{1};
    auto asked = start_oracle(*world.system);
    world.on(world.all[0],
             [&] { world.all[0].desk().ask<done>(asked, drill{"silence"}, 60s, slot.callback()); });
    caf::anon_send_exit(asked, caf::exit_reason::kill);
  }
  CHECK(slot.calls == 1);
}

TEST_CASE_METHOD(test::running_loops, "a loop knows how long it was busy") {
  const auto before = all[0].busy();
  on(all[0], [] {
    const auto until = std::chrono::steady_clock::now() + 30ms;
    while (std::chrono::steady_clock::now() < until) {
    }
  });
  CHECK(all[0].busy() > before);
}
