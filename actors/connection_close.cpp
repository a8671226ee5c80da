#include "actors/connection.hpp"

#include "messages/metrics.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace muster {

namespace {

/// How long a peer may take to answer a Close.
constexpr duration close_patience = std::chrono::seconds{5};

/// How long a server that goes away waits for the answers that its clients wait for.
constexpr duration answer_patience = std::chrono::seconds{5};

} // namespace

void connection::close(close_order order) {
  if (closing())
    return;
  const auto now = loop_->now();
  ending_ = std::make_unique<ending>();
  ending_->order = std::move(order);
  ending_->since = now;
  if (invocations_)
    invocations_->end_all(invoke_outcome::closed, now);
  publish();
  if (ending_->order.code == close_code::going_away && !calls_.empty())
    ending_->answers_until = now + answer_patience;
  else
    send_close();
  arm();
}

caf::typed_response_promise<close_receipt> connection::close_and_tell(close_order order) {
  auto promise = self_->make_response_promise<caf::typed_response_promise<close_receipt>>();
  close(std::move(order));
  ending_->askers.push_back(promise);
  return promise;
}

void connection::send_close() {
  if (ending_->sent)
    return;
  settle_everything();
  // Before the handshake is over there is no wire; `open` sends the Close then.
  if (!wire_)
    return;
  ending_->sent = true;
  wire_->close(ending_->order.code, ending_->order.reason, close_patience);
}

// Every promise gets its answer; requests that wait for services are not awaited any more.
void connection::settle_everything() {
  calls_.clear();
  leave_topics();
  queue_.clear();
  if (invocations_)
    invocations_->end_all(invoke_outcome::closed, loop_->now());
}

void connection::end(const wire_closed& closed) {
  settle_everything();
  auto receipt = closed.receipt;
  auto order = ending_ ? ending_->order : close_order{};
  if (ending_) {
    receipt.ms = std::chrono::duration<double, std::milli>(loop_->now() - ending_->since).count();
    for (auto& asker : ending_->askers)
      asker.deliver(receipt);
    ending_->askers.clear();
  } else {
    order = {receipt.code_sent != 0 && !closed.by_peer ? receipt.code_sent : receipt.peer_code,
             receipt.peer_reason, closed.by_peer ? "client" : "server"};
    if (order.code == 0)
      order.code = close_code::abnormal;
  }
  spdlog::debug("connection {} of client '{}' ended: {} by {}, {}", from_->id, client_->client_id,
                order.code, order.by, closed.error.empty() ? "" : closed.error);
  count_close(order.code);
  wire_ = nullptr;
  self_->quit(to_exit_reason(order));
}

} // namespace muster
