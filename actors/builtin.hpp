#pragma once

#include "actors/direct_service.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace muster {

/// Answers `{"pong":"zato"}`, the word by which clients of old know that they are heard.
class ping_service : public direct_service {
public:
  using handle = service_actor;
  static constexpr bool one_a_loop = true;
  explicit ping_service(handle::pointer) {}
  handle::behavior_type start();
  direct_answer answer(service_request& request) override;

  std::string name = "ping";
};

/// Answers the request as it came.
class echo_service : public direct_service {
public:
  using handle = service_actor;
  static constexpr bool one_a_loop = true;
  explicit echo_service(handle::pointer) {}
  handle::behavior_type start();
  direct_answer answer(service_request& request) override;

  std::string name = "echo";
};

} // namespace muster
