#include "actors/gateway.hpp"

#include "actors/http_service.hpp"
#include "actors/pattern.hpp"
#include "messages/errc.hpp"
#include "messages/json_scan.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

// For the client that named the service.
service_reply reply_for(const caf::error& why) {
  switch (code_of(why)) {
  case errc::not_found:
    return refuse(404, "No such service");
  case errc::bad_request:
    return refuse(400, detail_of(why));
  default:
    return refuse(503, "Service unavailable");
  }
}

} // namespace

bool may_call(const channel_definition& channel, std::string_view service) {
  const auto& allowed = channel.services_allowed;
  if (is_url(service))
    return std::find(allowed.begin(), allowed.end(), service) != allowed.end();
  return std::any_of(allowed.begin(), allowed.end(),
                     [&](const auto& pattern) { return matches(pattern, service); });
}

service_actor::behavior_type gateway::start(services_actor directory) {
  directory_ = std::move(directory);
  return {
      [this](service_request& request) { return pass_on(request); },
  };
}

gateway::wish gateway::read(const service_request& request) {
  const auto [member, inner] = find_members(request.payload, {"service", "request"});
  wish wanted;
  wanted.inner = inner;
  auto& service = wanted.service;
  if (member.empty() || member == "null")
    wanted.refusal =
        refuse(400, "The request needs the name of a service: {\"service\":NAME,\"request\":ANY}");
  else if (!json_string(member, service) || service.empty() || service.size() > max_name)
    wanted.refusal = refuse(400, "The name of the service must be a text of 1 to 2048 bytes");
  else if (!request.from || !request.from->channel || !may_call(*request.from->channel, service))
    wanted.refusal = refuse(403, "Service not allowed");
  else if (service == request.service || service == "gateway")
    wanted.refusal = refuse(400, "The gateway cannot call itself");
  return wanted;
}

direct_answer gateway::answer(service_request& request) {
  auto wanted = read(request);
  if (wanted.refusal)
    return std::move(*wanted.refusal);
  const auto known = known_.find(wanted.service);
  if (known == known_.end())
    return ask_by_message{};
  request.payload = wanted.payload();
  request.service = std::move(wanted.service);
  auto said = ask_directly(known->second, *self_->context(), request);
  if (std::holds_alternative<ask_by_message>(said))
    return handed_on{known->second.actor, {}, {}};
  return said;
}

caf::result<service_reply> gateway::pass_on(service_request& request) {
  auto wanted = read(request);
  if (wanted.refusal)
    return std::move(*wanted.refusal);
  request.payload = wanted.payload();
  request.service = std::move(wanted.service);
  const auto known = known_.find(request.service);
  if (known == known_.end())
    return find_and_pass_on(request);
  return self_->delegate(known->second.actor, std::move(request));
}

// What is called meanwhile by the same name waits behind: the calls of a client reach a service in
// their order.
caf::result<service_reply> gateway::find_and_pass_on(service_request& request) {
  if (sought_.full())
    return refuse(503, "Service unavailable");
  auto answer = self_->make_response_promise<service_reply>();
  const auto service = request.service;
  if (sought_.add(service, {answer, std::move(request)}))
    self_->request(directory_, caf::infinite, find_service{service, self_->context()})
        .then(
            [this, service](const found_service& found) {
              if (!is_url(service))
                known_.emplace(service, found.service);
              for (auto& each : sought_.take(service))
                each.answer.delegate(found.service.actor, std::move(each.request));
            },
            [this, service](const caf::error& why) {
              for (auto& each : sought_.take(service))
                each.answer.deliver(reply_for(why));
            });
  return answer;
}

} // namespace muster
