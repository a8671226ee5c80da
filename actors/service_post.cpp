#include "actors/service_post.hpp"

#include "messages/metrics.hpp"

#include <caf/sec.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <exception>
#include <utility>

namespace muster {

namespace {

service_reply unavailable() {
  return refuse(503, "Service unavailable");
}

} // namespace

service_post::~service_post() {
  dismiss();
}

service_post::handle::behavior_type service_post::start(service_definition definition,
                                                        caf::execution_unit* where,
                                                        std::shared_ptr<service_gauges> gauges) {
  name = "post of " + definition.name;
  definition_ = std::move(definition);
  where_ = where;
  gauges_ = std::move(gauges);
  self_->set_down_handler([this](const caf::down_msg& down) { restart(down); });
  self_->set_exit_handler([this](const caf::exit_msg& order) { leave(order.reason); });
  revive();
  return {
      [this](service_request& request) { return take(request); },
      [this](const check_calls&) { check(); },
      [this](const end_rest&) {
        count(gauges_->restarts);
        revive();
      },
      [this](const house_ptr& addresses) {
        house_ = addresses;
        tell_house();
      },
  };
}

caf::result<service_reply> service_post::take(service_request& request) {
  const auto now = self_->clock().now();
  const bool full = is_full();
  counted_call counted{gauges_, now};
  if (!incarnation_.actor || full) {
    counted.end(now, 503);
    return unavailable();
  }
  const auto until = request.until;
  auto response = self_->request(incarnation_.actor, caf::infinite, std::move(request));
  const auto key = calls_.add(
      {self_->make_response_promise<service_reply>(), response.id(), until, std::move(counted)});
  response.then([this, key](service_reply& reply) { finish(key, std::move(reply)); },
                [this, key](const caf::error& why) { finish(key, reply_for(why)); });
  if (!std::exchange(checking_, true))
    self_->delayed_send(self_, std::chrono::seconds{1}, check_calls{});
  // The promise is kept by `finish`.
  return caf::delegated<service_reply>{};
}

// Those that were handed on are as much under way.
bool service_post::is_full() const {
  return gauges_->in_flight.load(std::memory_order_relaxed) >= max_calls;
}

direct_answer service_post::answer(service_request& request) {
  if (!incarnation_.direct || is_full())
    return ask_by_message{};
  const auto began = self_->clock().now();
  auto said = ask_directly(incarnation_, *where_, request);
  if (const auto* reply = std::get_if<service_reply>(&said)) {
    counted_call{gauges_, began}.end(self_->clock().now(), reply->status);
  } else if (auto* further = std::get_if<handed_on>(&said)) {
    if (!further->to)
      further->to = self_;
    further->counts.emplace_back(gauges_, began);
  }
  return said;
}

void service_post::finish(std::uint64_t key, service_reply&& reply) {
  auto known = calls_.take(key);
  if (!known)
    return;
  known->counted.end(self_->clock().now(), reply.status);
  known->answer.deliver(std::move(reply));
}

// What a service says by an error of ours is for the client when it is the client's fault; CAF's
// own errors mean that the service is gone, which is logged once and not for every call.
service_reply service_post::reply_for(const caf::error& why) const {
  if (why.category() == caf::atom("muster")) {
    const auto& known = describe(code_of(why));
    if (known.status < 500)
      return refuse(known.status, detail_of(why));
    if (known.code == errc::timed_out)
      return refuse(504, "The service did not answer in time");
    spdlog::warn("service {}: {}", definition_.name, detail_of(why));
  }
  return refuse(500, "Internal server error");
}

// As CAF's own timeouts do it: the answer that is awaited comes, as an error, and nothing is left
// behind for one that would never come.
void service_post::fail(const call& which, caf::error why) {
  self_->eq_impl(which.id, self_->ctrl(), self_->context(), std::move(why));
}

void service_post::check() {
  checking_ = !calls_.empty();
  if (!checking_)
    return;
  const auto long_ago = self_->clock().now() - grace;
  calls_.each([&](const call& entered) {
    if (entered.until <= long_ago)
      fail(entered, make_error(errc::timed_out));
  });
  self_->delayed_send(self_, std::chrono::seconds{1}, check_calls{});
}

void service_post::revive() {
  begun_ = self_->clock().now();
  try {
    incarnation_ = definition_.start(self_->system(), *where_);
  } catch (...) {
    report_throw(definition_.name.c_str(), std::current_exception());
  }
  if (!incarnation_.actor) {
    rest();
    return;
  }
  self_->monitor(incarnation_.actor);
  tell_house();
}

void service_post::tell_house() {
  if (definition_.wants_house && house_ && incarnation_.actor)
    caf::anon_send(caf::actor_cast<caf::actor>(incarnation_.actor), house_);
}

void service_post::restart(const caf::down_msg& down) {
  if (!incarnation_.actor || down.source != incarnation_.actor.address())
    return;
  incarnation_ = {};
  calls_.each([this](const call& entered) { fail(entered, caf::sec::request_receiver_down); });
  count(counters().actor_failures);
  const auto now = self_->clock().now();
  if (now - begun_ > longest_rest)
    next_rest_ = shortest_rest;
  spdlog::error("service {} has ended: {}", definition_.name, self_->system().render(down.reason));
  if (!restarts_.allow(now)) {
    rest();
    return;
  }
  count(counters().actor_restarts);
  count(gauges_->restarts);
  revive();
}

void service_post::rest() {
  spdlog::error("service {} rests for {} s", definition_.name,
                std::chrono::duration_cast<std::chrono::seconds>(next_rest_).count());
  self_->delayed_send(self_, next_rest_, end_rest{});
  next_rest_ = std::min(2 * next_rest_, longest_rest);
}

// It may tidy up in its exit handler, but has no say in whether it ends.
void service_post::dismiss() {
  if (!incarnation_.actor)
    return;
  const auto whom = caf::actor_cast<caf::actor>(std::exchange(incarnation_, {}).actor);
  caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(whom, caf::exit_reason::kill);
}

void service_post::leave(const caf::error& why) {
  calls_.each([](call& entered) { entered.answer.deliver(unavailable()); });
  calls_.clear();
  dismiss();
  self_->quit(why);
}

} // namespace muster
