#pragma once

#include <caf/actor_config.hpp>
#include <caf/execution_unit.hpp>
#include <caf/mailbox_element.hpp>

namespace muster {

/// An actor that always runs on the execution unit it was spawned on, whoever wakes it: the loop
/// that has its socket, or the workers.
template <class Base>
class bound : public Base {
public:
  explicit bound(caf::actor_config& config) : Base{config}, home_{config.host} {}

  using Base::enqueue;
  void enqueue(caf::mailbox_element_ptr element, caf::execution_unit*) override {
    Base::enqueue(std::move(element), home_);
  }
  void launch(caf::execution_unit*, bool lazy, bool hide) override {
    Base::launch(home_, lazy, hide);
  }

private:
  caf::execution_unit* home_;
};

} // namespace muster
