#include "actors/http_service.hpp"

#include "messages/errc.hpp"

#include <caf/send.hpp>

#include <spdlog/spdlog.h>

#include <utility>

namespace muster {

namespace {

outgoing_request as_http(const std::string& url, service_request& request, duration timeout) {
  outgoing_request http{
      "POST", url, {{"Content-Type", "application/json"}}, std::move(request.payload), timeout};
  const auto say = [&](const char* header, std::string_view value) {
    http.headers.emplace_back(header, header_value(value));
  };
  if (const auto& who = request.from) {
    if (who->from) {
      say("X-Muster-Connection", who->from->id);
      say("X-Muster-Remote-Address", to_string(who->from->remote));
    }
    if (who->channel)
      say("X-Muster-Channel", who->channel->name);
    say("X-Muster-Client-Id", who->client_id);
    say("X-Muster-Username", who->username);
  }
  say("X-Muster-Cid", request.cid);
  return http;
}

service_reply reply_for(const caf::error& why) {
  switch (code_of(why)) {
  case errc::timed_out:
    return refuse(504, "The service did not answer in time");
  case errc::unavailable:
    return refuse(503, "Service unavailable");
  default:
    return refuse(502, "The service cannot be reached");
  }
}

} // namespace

http_service::handle::behavior_type http_service::start(std::string url, http_caller* http) {
  url_ = std::move(url);
  http_ = http;
  return {
      [this](service_request& request) { return take(request); },
      [this](http_answered& result) { settle(result); },
  };
}

http_service::promise http_service::take(service_request& request) {
  auto answer = self_->make_response_promise<service_reply>();
  if (calls_.size() < max_in_flight)
    call(std::move(request), answer);
  else if (waiting_.size() < max_waiting)
    waiting_.push_back({std::move(request), answer});
  else
    answer.deliver(refuse(503, "Service unavailable"));
  return answer;
}

void http_service::call(service_request request, promise answer) {
  const auto timeout = request.until - self_->clock().now();
  if (timeout <= duration::zero()) {
    answer.deliver(reply_for(make_error(errc::timed_out)));
    return;
  }
  const auto key = ++last_;
  calls_.emplace(key, std::move(answer));
  // The answer comes on any loop's thread.
  auto done = [key, me = caf::actor_cast<caf::actor>(self_)](caf::error error,
                                                             outgoing_response response) {
    caf::anon_send(me, http_answered{key, std::move(error), std::move(response)});
  };
  http_->call(as_http(url_, request, timeout), std::move(done));
}

void http_service::settle(http_answered& result) {
  auto node = calls_.extract(result.key);
  if (!node)
    return;
  if (result.error)
    spdlog::warn("service {}: {}", url_, detail_of(result.error));
  node.mapped().deliver(result.error ? reply_for(result.error) : reply_for(result.response));
  call_next();
}

void http_service::call_next() {
  while (!waiting_.empty() && calls_.size() < max_in_flight) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    call(std::move(next.request), std::move(next.answer));
  }
}

} // namespace muster
