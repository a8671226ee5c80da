#pragma once

#include "net/http.hpp"
#include "net/pubsub_request.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

/// One request for publish and subscribe over HTTP: finds the channel that the caller may use, then
/// the topic, then asks it. On its loop's thread only; the questions that it asks keep it.
class pubsub_call : public std::enable_shared_from_this<pubsub_call> {
public:
  pubsub_call(http_request request, std::shared_ptr<http_exchange> exchange);

  void start();

private:
  static constexpr auto patience = std::chrono::seconds{30};

  // Who is it?
  void ask_named(channel_info found);
  void ask_all(channel_list all);
  void check(const channel_info& which);
  void on_checked(caf::expected<credentials_checked> answer);
  bool fits(const channel_definition& channel) const;
  bool knows_caller(const channel_definition& channel) const;
  void enter(credentials_checked who);

  // Which topic?
  void find_topic_next();
  void on_topic(caf::expected<found_topic> answer);
  void on_no_topic();
  void act(found_topic found);

  // What about it?
  void publish_body(const topic_definition& rules);
  void on_published(published done);
  void subscribe();
  void on_subscribed(subscription_info made);
  void find_own(void (pubsub_call::*next)(subscription_info));
  void pull(subscription_info own);
  void on_pulled(messages_taken taken);
  void unsubscribe(subscription_info own);
  void on_unsubscribed(done);

  template <class Reply, class Handle, class Request>
  void ask(const Handle& to, Request request, void (pubsub_call::*next)(Reply));
  /// As ask, but an error goes to `next` too.
  template <class Reply, class Handle, class Request>
  void ask_whether(const Handle& to, Request request,
                   void (pubsub_call::*next)(caf::expected<Reply>));

  /// `members` is what the answer says beside the usual, with a comma before it.
  void succeed(std::string_view members = {});
  void fail(const caf::error& why);
  void refuse(std::uint16_t status, std::string_view details);

  http_request request_;
  std::shared_ptr<http_exchange> exchange_;
  pubsub_target target_;
  http_credentials credentials_;
  /// Channels that were asked and have not answered.
  std::size_t unanswered_ = 0;
  std::vector<credentials_checked> accepted_;
  caf::error failure_;
  channel_ptr channel_;
  std::string publisher_;
  std::string client_id_;
  std::size_t next_name_ = 0;
  bool making_ = false;
  topic_actor topic_;
  std::string sub_key_;
};

template <class Reply, class Handle, class Request>
void pubsub_call::ask(const Handle& to, Request request, void (pubsub_call::*next)(Reply)) {
  exchange_->desk().ask<Reply>(to, std::move(request), patience,
                               [self = shared_from_this(), next](caf::expected<Reply> reply) {
                                 if (reply)
                                   (self.get()->*next)(std::move(*reply));
                                 else
                                   self->fail(reply.error());
                               });
}

template <class Reply, class Handle, class Request>
void pubsub_call::ask_whether(const Handle& to, Request request,
                              void (pubsub_call::*next)(caf::expected<Reply>)) {
  exchange_->desk().ask<Reply>(to, std::move(request), patience,
                               [self = shared_from_this(), next](caf::expected<Reply> reply) {
                                 (self.get()->*next)(std::move(reply));
                               });
}

} // namespace muster
