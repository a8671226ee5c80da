#include "net/loop_clock.hpp"

#include <caf/actor_cast.hpp>

#include <future>
#include <memory>
#include <utility>

namespace muster {

using base = caf::detail::simple_actor_clock;

loop_clock::loop_clock(loop& where) : loop_{where}, timer_{where.io()} {}

template <class Task>
void loop_clock::on_loop(Task task) {
  // A task of its own even on the loop itself: actors call in the middle of being run or cleaned
  // up.
  loop_.post([this, held = std::make_shared<Task>(std::move(task))] {
    (*held)();
    set_timer();
  });
}

void loop_clock::set_timer() {
  const auto next = schedule().empty() ? time_point::max() : schedule().begin()->first;
  if (next >= wakes_at_)
    return;
  wakes_at_ = next;
  timer_.expires_at(next);
  timer_.async_wait([this](const boost::system::error_code& failure) {
    if (failure)
      return;
    wakes_at_ = time_point::max();
    trigger_expired_timeouts();
    set_timer();
  });
}

// Setting keeps the actor alive until the loop has it. Cancelling must not: the actor may be on its
// way out, so only its id travels.

void loop_clock::set_ordinary_timeout(time_point due, caf::abstract_actor* self,
                                      caf::atom_value type, uint64_t id) {
  on_loop([this, due, who = caf::actor_cast<caf::strong_actor_ptr>(self), type, id] {
    base::set_ordinary_timeout(due, caf::actor_cast<caf::abstract_actor*>(who), type, id);
  });
}

void loop_clock::set_request_timeout(time_point due, caf::abstract_actor* self,
                                     caf::message_id id) {
  on_loop([this, due, who = caf::actor_cast<caf::strong_actor_ptr>(self), id] {
    base::set_request_timeout(due, caf::actor_cast<caf::abstract_actor*>(who), id);
  });
}

void loop_clock::set_multi_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                                   uint64_t id) {
  on_loop([this, due, who = caf::actor_cast<caf::strong_actor_ptr>(self), type, id] {
    base::set_multi_timeout(due, caf::actor_cast<caf::abstract_actor*>(who), type, id);
  });
}

void loop_clock::cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) {
  on_loop([this, id = self->id(), type] { handle(ordinary_timeout_cancellation{id, type}); });
}

void loop_clock::cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) {
  on_loop([this, actor = self->id(), id] { handle(request_timeout_cancellation{actor, id}); });
}

void loop_clock::cancel_timeouts(caf::abstract_actor* self) {
  on_loop([this, id = self->id()] { handle(timeouts_cancellation{id}); });
}

void loop_clock::schedule_message(time_point due, caf::strong_actor_ptr receiver,
                                  caf::mailbox_element_ptr content) {
  on_loop([this, due, receiver = std::move(receiver), content = std::move(content)]() mutable {
    base::schedule_message(due, std::move(receiver), std::move(content));
  });
}

void loop_clock::schedule_message(time_point due, caf::group target, caf::strong_actor_ptr sender,
                                  caf::message content) {
  on_loop([this, due, target = std::move(target), sender = std::move(sender),
           content = std::move(content)]() mutable {
    base::schedule_message(due, std::move(target), std::move(sender), std::move(content));
  });
}

void loop_clock::cancel_all() {
  on_loop([this] { base::cancel_all(); });
}

void loop_clock::close() {
  std::promise<void> done;
  loop_.post([this, &done] {
    base::cancel_all();
    timer_.cancel();
    done.set_value();
  });
  done.get_future().wait();
}

} // namespace muster
