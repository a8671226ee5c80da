#pragma once

#include "actors/direct_service.hpp"
#include "actors/interfaces.hpp"
#include "actors/restart_limit.hpp"
#include "actors/service.hpp"
#include "actors/slots.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace muster {

/// Post -> itself, once a second while there are calls: end those that nobody waits for any more.
struct check_calls {
  static constexpr auto type = "check_calls";
};
/// Post -> itself: try the service again.
struct end_rest {
  static constexpr auto type = "end_rest";
};

/// The address of a service, which stays good when the service fails: it keeps the promise of every
/// call that is not handed on and starts the service anew. One that fails too often rests for a
/// while, and its calls are refused meanwhile; it never takes the server down with it.
class service_post : public direct_service {
public:
  using handle = service_actor::extend<caf::reacts_to<check_calls>, caf::reacts_to<end_rest>,
                                       caf::reacts_to<house_ptr>>;
  explicit service_post(handle::pointer self) : self_{self} {}
  ~service_post() override;
  service_post(const service_post&) = delete;
  service_post& operator=(const service_post&) = delete;
  handle::behavior_type start(service_definition definition, caf::execution_unit* where,
                              std::shared_ptr<service_gauges> gauges);

  /// At once, when the service does.
  direct_answer answer(service_request& request) override;

  /// More calls at once are refused.
  static constexpr std::size_t max_calls = 10000;
  /// How long after its deadline a call is given up; the caller itself is more punctual.
  static constexpr duration grace = std::chrono::seconds{5};
  static constexpr duration shortest_rest = std::chrono::seconds{1};
  static constexpr duration longest_rest = std::chrono::seconds{30};

  std::string name = "service post";

private:
  struct call {
    caf::typed_response_promise<service_reply> answer;
    caf::message_id id;
    deadline until{};
    counted_call counted;
  };

  caf::result<service_reply> take(service_request& request);
  bool is_full() const;
  void finish(std::uint64_t key, service_reply&& reply);
  service_reply reply_for(const caf::error& why) const;
  void fail(const call& which, caf::error why);
  void check();

  void revive();
  void tell_house();
  void restart(const caf::down_msg& down);
  void rest();
  void dismiss();
  void leave(const caf::error& why);

  handle::pointer self_;
  service_definition definition_;
  caf::execution_unit* where_ = nullptr;
  std::shared_ptr<service_gauges> gauges_;
  house_ptr house_;
  /// Null while the service rests.
  service_address incarnation_;
  slots<call> calls_;
  bool checking_ = false;
  restart_limit restarts_;
  deadline begun_{};
  duration next_rest_ = shortest_rest;
};

} // namespace muster
