#pragma once

#include "actors/interfaces.hpp"

#include <string>
#include <vector>

namespace muster {

/// Where on the outside a channel is found.
struct route {
  std::string listener;
  std::string path;
  std::vector<std::string> allowed_origins;
  channel_actor channel;
};

/// The listeners, as the catalogue sees them; implemented by net/. Any thread.
class doors {
public:
  virtual ~doors() = default;
  /// Whether `listener` is a configured one, or an `IP:PORT` that can be bound: binds it.
  virtual caf::error ensure(const std::string& listener) = 0;
  /// The routes from now on; listeners of channels' own that none uses are closed.
  virtual void publish(std::vector<route> routes) = 0;
};

} // namespace muster
