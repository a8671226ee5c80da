#pragma once

#include "actors/interfaces.hpp"

#include <optional>

namespace muster {

/// Of a service's state: answers in the turn of whoever asks, both on the thread of one loop. With
/// messages a call of `echo` through the gateway is seven of them, and costs half as much
/// again: 5.6 instead of 3.7 us, system calls included.
class direct_service {
public:
  /// Nothing when it cannot answer at once; then the request is as it was. What it throws ends the
  /// actor, past any handler of its own. There is no message that is handled: no promises, no
  /// delegating.
  virtual std::optional<service_reply> answer(service_request& request) = 0;

protected:
  virtual ~direct_service() = default;

private:
  friend std::optional<service_reply> ask_directly(const service_address&, caf::execution_unit&,
                                                   service_request&);
  bool in_turn_ = false;
};

/// The answer of a service that gives it at once; nothing of others, of those that have messages
/// waiting, which came first, and of one that is asking somebody itself: to them the request goes
/// as a message. Only on the thread of `where`, the loop that the service was found for.
std::optional<service_reply> ask_directly(const service_address& service,
                                          caf::execution_unit& where, service_request& request);

} // namespace muster
