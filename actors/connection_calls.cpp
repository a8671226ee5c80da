#include "actors/connection.hpp"

#include "actors/direct_service.hpp"
#include "actors/pubsub_replies.hpp"
#include "messages/ids.hpp"
#include "messages/metrics.hpp"

#include <caf/abstract_actor.hpp>
#include <caf/actor_cast.hpp>
#include <caf/sec.hpp>
#include <spdlog/spdlog.h>

#include <utility>
#include <variant>

namespace muster {

namespace {

/// Surely, when it says so; it may end in this moment.
bool has_ended(const topic_actor& topic) {
  return caf::actor_cast<caf::abstract_actor*>(topic)->getf(
      caf::abstract_actor::is_cleaned_up_flag);
}

} // namespace

void connection::call_service(client_envelope& message) {
  auto cid = random_id();
  const auto answer = [&](int status, std::string_view why) {
    say(answer_error(cid, loop_->wall_now(), message.id, status, why));
  };
  if (closing()) {
    answer(503, "The server is going away");
    return;
  }
  if (calls_.size() >= definition_->max_in_flight) {
    count_limit(limit_kind::in_flight);
    answer(429, "Too many requests in flight");
    return;
  }
  const auto until = loop_->now() + to_duration(definition_->service_timeout);
  service_request request{cid, definition_->service, std::string{message.data}, as_caller(), until};
  service_calls::call call{std::move(message.id), std::move(cid), until, {}};
  if (!service_.actor || early_calls_ > 0)
    find_and_ask_service(wait_for(std::move(call)), std::move(request));
  else
    ask_service_directly(std::move(call), std::move(request));
}

std::uint64_t connection::wait_for(service_calls::call&& call) {
  const auto key = calls_.add(std::move(call));
  arm();
  return key;
}

void connection::ask_service_directly(service_calls::call&& call, service_request&& request) {
  auto said = ask_directly(service_, *loop_, request);
  if (const auto* reply = std::get_if<service_reply>(&said)) {
    answer_call(std::move(call), *reply);
  } else if (auto* further = std::get_if<handed_on>(&said)) {
    if (further->publication && publishing_ == 0 && has_ended(further->publication->topic)) {
      further->publication.reset();
      further->counts.front().withdraw();
    }
    call.counts = std::move(further->counts);
    follow(wait_for(std::move(call)), std::move(*further), std::move(request));
  } else {
    ask_service(wait_for(std::move(call)), service_.actor, std::move(request));
  }
}

void connection::ask_service(std::uint64_t key, const service_actor& whom,
                             service_request&& request) {
  self_->request(whom, caf::infinite, std::move(request))
      .then([this, key](const service_reply& reply) { answer_call(key, reply); },
            [this, key](const caf::error& why) {
              spdlog::warn("service {}: {}", definition_->service, detail_of(why));
              answer_call(key, muster::refuse(500, "Internal server error"));
            });
}

// A topic that has retired has never seen the message: then the service looks for the one of now.
// While others are on their way their messages may be coming back, so this one goes behind them.
void connection::follow(std::uint64_t key, handed_on&& where, service_request&& request) {
  if (!where.publication) {
    ask_service(key, where.to, std::move(request));
    return;
  }
  ++publishing_;
  auto& [topic, message] = *where.publication;
  self_->request(topic, caf::infinite, std::move(message))
      .then(
          [this, key](const published& done) {
            --publishing_;
            answer_call(key, reply_to_publish(done));
          },
          [this, key, service = std::move(where.to),
           request = std::move(request)](const caf::error& why) mutable {
            --publishing_;
            if (why == caf::sec::request_receiver_down)
              ask_service(key, service, std::move(request));
            else
              answer_call(key, refuse_pubsub(why));
          });
}

// The client was faster than the directory, or the channel names a service that is not there.
void connection::find_and_ask_service(std::uint64_t key, service_request request) {
  ++early_calls_;
  self_->request(house_->services, caf::infinite, muster::find_service{definition_->service, loop_})
      .then(
          [this, key, request = std::move(request)](const found_service& found) mutable {
            --early_calls_;
            service_ = found.service;
            ask_service(key, service_.actor, std::move(request));
          },
          [this, key](const caf::error& why) {
            --early_calls_;
            answer_call(key, code_of(why) == errc::not_found
                                 ? muster::refuse(404, "No such service")
                                 : muster::refuse(503, "Service unavailable"));
          });
}

void connection::answer_call(std::uint64_t key, const service_reply& reply) {
  auto call = calls_.take(key);
  if (!call)
    return;
  answer_call(std::move(*call), reply);
  if (closing() && calls_.empty())
    send_close();
}

void connection::answer_call(service_calls::call&& call, const service_reply& reply) {
  for (auto& each : call.counts)
    each.end(self_->clock().now(), reply.status);
  say_answer(call.cid, call.in_reply_to, reply);
}

void connection::say_answer(std::string_view cid, std::string_view in_reply_to,
                            const service_reply& reply) {
  if (reply.status >= 400)
    say(answer_error(cid, loop_->wall_now(), in_reply_to, reply.status, reply.error_message));
  else
    say(answer_ok(cid, loop_->wall_now(), in_reply_to, reply.payload));
}

} // namespace muster
