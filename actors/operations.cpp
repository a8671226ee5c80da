#include "actors/operations.hpp"

#include "messages/envelope.hpp"
#include "messages/ids.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <stdexcept>
#include <utility>

namespace muster {

namespace {

operation new_operation(operation_verb verb, std::size_t matched, std::string by) {
  operation made;
  made.id = timed_id("op.");
  made.verb = verb;
  made.matched = matched;
  made.by = std::move(by);
  made.started_at = std::chrono::system_clock::now();
  return made;
}

operation_outcome to_outcome(const late_reply& late) {
  return {late.connection_id, std::string{to_string(invoke_outcome::late)},
          late.reply.data,    late.reply.detail,
          late.reply.ms,      late.reply.sent_at};
}

caf::error too_many_running() {
  return make_error(errc::too_many_requests, "too many operations are running");
}

} // namespace

operations::handle::behavior_type operations::start(std::shared_ptr<const house> addresses) {
  house_ = std::move(addresses);
  self_->set_down_handler([this](const caf::down_msg& down) { failed(down); });
  self_->set_exit_handler([this](const caf::exit_msg& exit) { stop(exit.reason); });
  return {
      [this](const start_invoke& request) { return call(request); },
      [this](const late_reply& late) { book_.add_late(late.operation, to_outcome(late)); },
      [this](const start_operation& request) { return start_many(request); },
      [this](const find_operation& request) { return find(request.id, request.after); },
      [this](const cancel_operation& request) { return cancel(request.id); },
      [this](const operation_progress& report) { progress(report); },
      [this](const std::shared_ptr<const house>& addresses_now) { house_ = addresses_now; },
      [](const drill& order) { throw std::runtime_error{order.what}; },
      [this](const look_after_invocations&) { look_after(); },
  };
}

caf::result<invoke_finished> operations::call(const start_invoke& request) {
  auto answer = self_->make_response_promise<invoke_finished>();
  self_->request(house_->registry, caf::infinite, find_connection{request.connection_id})
      .then([this, request,
             answer](const found_connection& found) { call_found(request, found.entry, answer); },
            [answer](const caf::error& failure) mutable {
              answer.deliver(code_of(failure) == errc::not_found
                                 ? failure
                                 : make_error(errc::unavailable, detail_of(failure)));
            });
  return answer;
}

void operations::call_found(const start_invoke& request, const roll_entry& target,
                            call_promise answer) {
  invocation_order order;
  order.verb = operation_verb::invoke;
  order.targets = {target};
  order.data = request.data;
  order.timeout = request.timeout;
  if (!run(new_operation(operation_verb::invoke, 1, request.by), std::move(order), answer))
    answer.deliver(too_many_running());
}

caf::result<operation> operations::start_many(const start_operation& request) {
  if (request.pace && !(*request.pace > 0))
    return make_error(errc::bad_request, "pace: more than 0 a second is needed");
  auto answer = self_->make_response_promise<operation>();
  self_->request(house_->lister, caf::infinite, match_connections{request.where})
      .then(
          [this, request, answer](const matched_connections& matched) mutable {
            auto started = start_matched(request, matched.entries);
            if (started)
              answer.deliver(std::move(*started));
            else
              answer.deliver(std::move(started.error()));
          },
          [answer](const caf::error& failure) mutable {
            answer.deliver(make_error(errc::unavailable, detail_of(failure)));
          });
  return answer;
}

caf::expected<operation> operations::start_matched(const start_operation& request,
                                                   std::vector<roll_entry> targets) {
  if (request.max && targets.size() > *request.max)
    return make_error(errc::too_many_matches, std::to_string(targets.size())
                                                  + " connections match, more than the "
                                                  + std::to_string(*request.max) + " allowed");
  auto item = new_operation(request.verb, targets.size(), request.by);
  item.selector_text = request.where.text();
  item.dry_run = request.dry_run;
  const auto id = item.id;
  if (request.dry_run || targets.empty()) {
    for (const auto& target : targets)
      item.outcomes.push_back({target.row->from->id, "matched", {}, {}, 0, item.started_at});
    return keep_finished(std::move(item));
  }
  if (running_many_ >= max_running)
    return too_many_running();
  invocation_order order;
  order.verb = request.verb;
  order.targets = std::move(targets);
  order.data = request.data;
  order.timeout = request.timeout;
  order.order = request.order;
  order.pace = request.pace;
  if (request.verb == operation_verb::broadcast)
    order.frame = std::make_shared<const std::string>(
        text_frame(server_request(random_id(), item.started_at, request.data)));
  if (!run(std::move(item), std::move(order), std::nullopt))
    return too_many_running();
  return *book_.find(id, self_->clock().now());
}

caf::expected<operation> operations::keep_finished(operation item) {
  const auto now = self_->clock().now();
  if (!book_.add(item, now))
    return too_many_running();
  book_.finish(item.id, item.started_at, now);
  return *book_.find(item.id, now);
}

caf::result<operation> operations::find(const std::string& id, std::uint64_t after) {
  const auto* found = book_.find(id, self_->clock().now());
  if (found == nullptr)
    return make_error(errc::not_found, "there is no operation " + id);
  if (after == 0)
    return *found;
  operation rest;
  rest.id = found->id;
  rest.verb = found->verb;
  rest.state = found->state;
  rest.matched = found->matched;
  rest.finished = found->finished;
  rest.by = found->by;
  rest.selector_text = found->selector_text;
  rest.started_at = found->started_at;
  rest.finished_at = found->finished_at;
  rest.dry_run = found->dry_run;
  for (auto next = after; next < found->outcomes.size(); ++next)
    rest.outcomes.push_back(found->outcomes[next]);
  return rest;
}

caf::result<operation> operations::cancel(const std::string& id) {
  if (const auto found = running_.find(id); found != running_.end()) {
    book_.cancel(id);
    self_->send(found->second.actor, cancel_operation{id});
  }
  return find(id, 0);
}

} // namespace muster
