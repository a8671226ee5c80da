#include "net/workers.hpp"

#include "actors/spawn.hpp"
#include "tests/catch.hpp"
#include "tests/net/running_loops.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <set>
#include <thread>

using namespace muster;

namespace {

using place_actor = caf::typed_actor<caf::replies_to<int>::with<bool>>;

/// Answers whether it runs on a loop; may ask another first.
class place {
public:
  using handle = place_actor;
  explicit place(handle::pointer self) : self_{self} {}

  handle::behavior_type start(place_actor next) {
    return {[this, next](int hops) -> caf::result<bool> {
      if (hops == 0)
        return loop::current() != nullptr;
      auto promise = self_->make_response_promise<bool>();
      self_->request(next, caf::infinite, hops - 1).then([promise](bool where) mutable {
        promise.deliver(where);
      });
      return promise;
    }};
  }

  std::string name = "place";

private:
  handle::pointer self_;
};

bool ask(caf::actor_system& system, const place_actor& whom, int hops) {
  caf::scoped_actor self{system};
  bool answer = false;
  self->request(whom, caf::infinite, hops)
      .receive([&](bool where) { answer = where; }, [](const caf::error&) {});
  return answer;
}

} // namespace

TEST_CASE_METHOD(test::running_loops, "only those who are bound to the workers run there") {
  auto free = spawn<place>(*system, place_actor{});
  auto bound = spawn_on<place>(*system, helpers, free);
  for (int i = 0; i < 200; ++i) {
    REQUIRE(ask(*system, bound, 1));
    REQUIRE(!ask(*system, bound, 0));
    REQUIRE(ask(*system, free, 0));
  }
  auto asks_workers = spawn<place>(*system, bound);
  for (int i = 0; i < 200; ++i)
    REQUIRE(!ask(*system, asks_workers, 1));
  for (const auto& each : {free, bound, asks_workers})
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

TEST_CASE("an actor on the workers ends with the system though it has much to do") {
  for (int i = 0; i < 20; ++i) {
    test::running_loops world{2};
    auto bound = spawn_on<place>(*world.system, world.helpers, place_actor{});
    for (int n = 0; n < 100; ++n)
      caf::anon_send(bound, 0);
    caf::anon_send_exit(bound, caf::exit_reason::user_shutdown);
  }
  CHECK(true);
}
