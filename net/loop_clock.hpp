#pragma once

#include "net/loop.hpp"

#include <boost/asio/steady_timer.hpp>
#include <caf/detail/simple_actor_clock.hpp>

namespace muster {

/// CAF's clock on a timer of one loop: all is brought to the loop's thread and kept there.
class loop_clock final : public caf::detail::simple_actor_clock {
public:
  explicit loop_clock(loop& where);

  void set_ordinary_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                            uint64_t id) override;
  void set_request_timeout(time_point due, caf::abstract_actor* self, caf::message_id id) override;
  void set_multi_timeout(time_point due, caf::abstract_actor* self, caf::atom_value type,
                         uint64_t id) override;
  void cancel_ordinary_timeout(caf::abstract_actor* self, caf::atom_value type) override;
  void cancel_request_timeout(caf::abstract_actor* self, caf::message_id id) override;
  void cancel_timeouts(caf::abstract_actor* self) override;
  void schedule_message(time_point due, caf::strong_actor_ptr receiver,
                        caf::mailbox_element_ptr content) override;
  void schedule_message(time_point due, caf::group target, caf::strong_actor_ptr sender,
                        caf::message content) override;
  void cancel_all() override;

  /// Forgets everything, for good; waits until that is done.
  void close();

private:
  template <class Task>
  void on_loop(Task task);
  void set_timer();

  loop& loop_;
  boost::asio::steady_timer timer_;
  time_point wakes_at_ = time_point::max();
};

} // namespace muster
