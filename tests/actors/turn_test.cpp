#include "actors/turn.hpp"

#include "tests/actors/actor_world.hpp"
#include "tests/catch.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

using namespace muster;

namespace {

struct number {
  int value = 0;
};

struct seen {
  direct_turns<number>* state = nullptr;
  std::vector<int> numbers;
  bool destroyed = false;
};

/// Takes numbers in direct turns; some it cannot stand.
class counter : direct_turns<number> {
public:
  using handle = caf::typed_actor<caf::reacts_to<turn_failed>>;
  explicit counter(handle::pointer self) : self_{self} {}
  ~counter() override {
    if (seen_)
      seen_->destroyed = true;
  }
  counter(const counter&) = delete;
  counter& operator=(const counter&) = delete;

  handle::behavior_type start(std::shared_ptr<seen> what) {
    seen_ = std::move(what);
    seen_->state = this;
    return {[](const turn_failed& turn) { std::rethrow_exception(turn.what); }};
  }
  void take(const number& message) override {
    seen_->numbers.push_back(message.value);
    if (message.value == 0)
      self_->quit();
    if (message.value <= 0)
      throw std::runtime_error{"as was asked for"};
  }

  std::string name = "counter";

private:
  handle::pointer self_;
  std::shared_ptr<seen> seen_;
};

struct a_counter : test::actor_world {
  a_counter() { settle(); }
  bool turn(int value) { return take_direct_turn(testee, *told->state, loop, number{value}); }

  std::shared_ptr<seen> told = std::make_shared<seen>();
  counter::handle testee = start_on_loop<counter>(told);
};

} // namespace

TEST_CASE_METHOD(a_counter, "a direct turn is taken at once") {
  CHECK(turn(1));
  CHECK(turn(2));
  CHECK(told->numbers == std::vector{1, 2});
}

TEST_CASE_METHOD(a_counter, "a direct turn that throws ends its actor, even one that has quit") {
  const auto value = GENERATE(-1, 0);
  CHECK(!turn(value));
  CHECK(told->destroyed);
  CHECK(!turn(1));
  CHECK(told->numbers == std::vector{value});
}
