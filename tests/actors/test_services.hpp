#pragma once

#include "actors/service.hpp"
#include "messages/errc.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace muster::test {

/// A service that does what the test says, with what it was asked.
class scripted_service {
public:
  using handle = service_actor;
  using script = std::function<caf::result<service_reply>(handle::pointer, service_request&)>;
  explicit scripted_service(handle::pointer self) : self_{self} {}
  handle::behavior_type start(script what) {
    what_ = std::move(what);
    return {[this](service_request& request) { return what_(self_, request); }};
  }

  std::string name = "scripted";

private:
  handle::pointer self_;
  script what_;
};

/// A request of a client on a channel that allows these services.
inline service_request request_of(std::string payload, std::vector<std::string> allowed = {}) {
  auto definition = std::make_shared<channel_definition>();
  definition->name = "main";
  definition->services_allowed = std::move(allowed);
  auto from = std::make_shared<arrival>();
  from->id = "c1";
  from->remote = {"192.0.2.1", 40000};
  auto who = std::make_shared<caller>();
  who->from = from;
  who->client_id = "ext.1";
  who->username = "user1";
  who->channel = definition;
  return {"cid1", "gateway", std::move(payload), who, deadline::max()};
}

} // namespace muster::test
