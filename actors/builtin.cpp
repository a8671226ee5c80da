#include "actors/builtin.hpp"

#include <utility>

namespace muster {

service_actor::behavior_type ping_service::start() {
  return {
      [](const service_request&) {
        return service_reply{200, R"({"pong":"zato"})", {}};
      },
  };
}

service_actor::behavior_type echo_service::start() {
  return {
      [](service_request& request) {
        return service_reply{200, std::move(request.payload), {}};
      },
  };
}

} // namespace muster
