#pragma once

#include <exception>

namespace muster {

/// Of an actor's state: takes what comes most often past CAF, which has to find out first what kind
/// of message it is. With a fan-out to 1,000 that is a third of what a delivery costs outside of
/// the kernel. See take_direct_turn.
template <class Message>
class direct_turns {
public:
  virtual void take(const Message& message) = 0;

protected:
  virtual ~direct_turns() = default;
};

/// A direct turn has thrown this: the actor ends by it as by any other.
struct turn_failed {
  static constexpr auto type = "turn_failed";
  std::exception_ptr what;
};

} // namespace muster
