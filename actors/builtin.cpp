#include "actors/builtin.hpp"

#include <utility>

namespace muster {

service_actor::behavior_type ping_service::start() {
  return {
      [this](service_request& request) { return std::get<service_reply>(answer(request)); },
  };
}

direct_answer ping_service::answer(service_request&) {
  return service_reply{200, R"({"pong":"zato"})", {}};
}

service_actor::behavior_type echo_service::start() {
  return {
      [this](service_request& request) { return std::get<service_reply>(answer(request)); },
  };
}

direct_answer echo_service::answer(service_request& request) {
  return service_reply{200, std::move(request.payload), {}};
}

} // namespace muster
