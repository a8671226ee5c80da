#pragma once

#include "actors/doors.hpp"
#include "messages/errc.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// The listener `default`, and any whose name is an address.
class fake_doors final : public doors {
public:
  caf::error ensure(const std::string& listener) override {
    if (listener != "default" && listener.find(':') == std::string::npos)
      return make_error(errc::bad_request, "there is no listener named " + listener);
    return {};
  }
  void publish(std::vector<route> now) override { routes = std::move(now); }

  /// The channel that is found there; null when there is none.
  channel_actor at(const std::string& path) const {
    const auto found = std::find_if(routes.begin(), routes.end(),
                                    [&](const route& each) { return each.path == path; });
    return found == routes.end() ? channel_actor{} : found->channel;
  }

  std::vector<route> routes;
};

} // namespace muster::test
