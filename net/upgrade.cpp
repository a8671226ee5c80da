#include "net/upgrade.hpp"

#include "actors/turn.hpp"
#include "messages/ids.hpp"
#include "messages/metrics.hpp"
#include "net/front_desk.hpp"
#include "net/http_server.hpp"
#include "net/http_session.hpp"
#include "net/pubsub_http.hpp"
#include "net/upgrade_request.hpp"
#include "net/websocket_session.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <utility>

namespace muster {

namespace {

constexpr auto handshake_patience = std::chrono::seconds{10};
constexpr auto channel_patience = std::chrono::seconds{5};
constexpr std::size_t longest_user_agent = 512;

std::vector<std::string_view> all_of(const http_head& head, std::string_view name) {
  std::vector<std::string_view> values;
  for (const auto& [key, value] : head.headers)
    if (key == name)
      values.push_back(value);
  return values;
}

/// Paths of channels are theirs, whatever they are.
bool is_for_http(const gate_origin& from, const loop& where, std::string_view path) {
  return from.rules->http && is_pubsub_path(path)
         && from.rules->find(where.index(), from.listener, path) == nullptr;
}

} // namespace

upgrade::upgrade(corked_stream stream, endpoint local, endpoint remote,
                 std::shared_ptr<const gate_origin> from, std::unique_ptr<tls_filter> tls)
    : stream_{std::move(stream)}, local_{std::move(local)}, remote_{std::move(remote)},
      from_{std::move(from)}, awaits_proxy_{from_->proxy_protocol}, tls_{std::move(tls)} {}

void upgrade::start() {
  auto& where = stream_.where();
  where.deadlines().arm(*this, where.now() + handshake_patience);
  read();
}

void upgrade::read() {
  stream_.async_read_some(
      boost::asio::buffer(buffer_),
      [self = shared_from_this()](boost::system::error_code failure, std::size_t bytes) {
        if (!failure)
          self->on_read(bytes);
      });
}

void upgrade::on_read(std::size_t bytes) {
  in_.append(buffer_.data(), bytes);
  if (awaits_proxy_ && !take_proxy_header())
    return;
  auto result = parse_http_head(in_, scanned_);
  switch (result.state) {
  case head_result::outcome::need_more:
    scanned_ = result.scanned;
    read();
    break;
  case head_result::outcome::bad:
    refuse(result.status);
    break;
  case head_result::outcome::done:
    if (is_for_http(*from_, stream_.where(), result.head.path)) {
      hand_over();
      break;
    }
    stream_.unread(std::string_view{in_}.substr(result.consumed));
    judge(std::move(result.head));
    break;
  }
}

bool upgrade::take_proxy_header() {
  const auto found = parse_proxy_header(in_);
  if (found.state == proxy_header::outcome::need_more) {
    read();
    return false;
  }
  if (found.state == proxy_header::outcome::bad) {
    stream_.close();
    return false;
  }
  awaits_proxy_ = false;
  in_.erase(0, found.consumed);
  if (from_->rules->trusted.contains(remote_.ip))
    proxied_ = found.source;
  if (!tls_)
    return true;
  stream_.secure(std::move(tls_), std::exchange(in_, {}));
  read();
  return false;
}

void upgrade::judge(http_head head) {
  const auto& rules = *from_->rules;
  const auto* where = rules.find(stream_.where().index(), from_->listener, head.path);
  // Before the channels are there nobody knows which there are.
  if (where == nullptr)
    refuse(rules.draining ? 503 : 404);
  else if (!asks_for_websocket(head))
    refuse(400);
  else if (!allows_origin(where->allowed_origins, head.header("origin")))
    refuse(403);
  else if (rules.draining)
    refuse(503);
  else
    ask_channel(*where, std::move(head));
}

/// A connection of HTTP comes back when its next request is for a channel.
void upgrade::hand_over() {
  disarm();
  stream_.unread(in_);
  auto* where = &stream_.where();
  auto again = [local = local_, remote = remote_, from = from_,
                proxied = proxied_](corked_stream stream) {
    auto next = std::make_shared<upgrade>(std::move(stream), local, remote, from);
    next->awaits_proxy_ = false;
    next->proxied_ = proxied;
    next->start();
  };
  auto stays = [from = from_, where](std::string_view path) {
    return is_for_http(*from, *where, path);
  };
  from_->rules->http->adopt(std::move(stream_), {remote_, from_->listener, stays, again});
}

std::shared_ptr<arrival> upgrade::describe(const http_head& head) {
  auto known = std::make_shared<arrival>();
  known->id = timed_id("ws.");
  known->remote = remote_;
  known->local = local_;
  const auto& trusted = from_->rules->trusted;
  const auto& peer = proxied_ ? proxied_->ip : remote_.ip;
  known->forwarded_for =
      forwarded_for(all_of(head, "x-forwarded-for"), all_of(head, "forwarded"), peer, trusted);
  if (proxied_ && known->forwarded_for.empty())
    known->forwarded_for = proxied_->ip;
  known->user_agent = head.header("user-agent").substr(0, longest_user_agent);
  known->tls = stream_.tls();
  known->connected_at = stream_.where().wall_now();
  return known;
}

void upgrade::ask_channel(const route& where, http_head head) {
  auto& here = stream_.where();
  auto request = admit{describe(head), &here};
  here.desk().ask<admitted>(
      where.channel, std::move(request), channel_patience,
      [self = shared_from_this(), head = std::move(head)](caf::expected<admitted> answer) mutable {
        self->on_answer(std::move(answer), std::move(head));
      });
}

void upgrade::on_answer(caf::expected<admitted> answer, http_head head) {
  if (!answer) {
    refuse(status_of_refusal(code_of(answer.error())));
    return;
  }
  disarm();
  if (!stream_.open()) {
    wire_closed gone;
    gone.by_peer = true;
    gone.error = "gone in the handshake";
    take_turn(answer->connection, stream_.where(), std::move(gone));
    return;
  }
  start_websocket({std::move(stream_), std::move(head), std::move(answer->connection),
                   answer->channel && answer->channel->permessage_deflate, from_->rules->server});
}

void upgrade::on_deadline() {
  count_limit(limit_kind::handshake_timeout);
  stream_.close();
}

void upgrade::refuse(std::uint16_t status) {
  disarm();
  count_refusal(status);
  if (status == 431)
    count_limit(limit_kind::header_size);
  stream_.append(refusal(status, from_->rules->server));
  stream_.finish();
}

} // namespace muster
