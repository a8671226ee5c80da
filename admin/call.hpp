#pragma once

#include "admin/endpoint.hpp"
#include "admin/idempotency.hpp"
#include "admin/problem.hpp"
#include "admin/router.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

struct endpoint_parts;

/// How long an actor may take for an answer.
inline constexpr auto usual_patience = std::chrono::seconds{10};

/// One request to the admin endpoint, from its arrival to its answer, of which there is exactly
/// one. Used on the loop of its exchange only.
class admin_call : public std::enable_shared_from_this<admin_call> {
public:
  admin_call(std::shared_ptr<const endpoint_parts> parts, http_request request,
             std::shared_ptr<http_exchange> exchange);
  admin_call(const admin_call&) = delete;
  admin_call& operator=(const admin_call&) = delete;
  /// A call that nobody answered is answered here, with `internal`.
  ~admin_call();

  const http_request& request() const { return request_; }
  const endpoint_parts& parts() const { return *parts_; }
  std::shared_ptr<const endpoint_parts> shared_parts() const { return parts_; }
  const house& addresses() const { return exchange_->desk().addresses(); }
  home& loop() const { return exchange_->loop(); }
  const identity& caller() const { return identity_; }
  const request_body& body() const { return body_; }
  /// A parameter of the path.
  const std::string& path(std::string_view name) const;
  /// A parameter of the query string; nothing when it is not there.
  std::optional<std::string> query(std::string_view name) const;
  /// All values of a parameter that may be there many times.
  std::vector<std::string> queries(std::string_view name) const;
  /// A parameter that is `true` or `false`; nothing when it is neither, and the call has failed.
  std::optional<bool> flag(std::string_view name);
  /// Whether the peer prefers that media type by naming it.
  bool accepts(std::string_view media_type) const;

  /// Asks an actor; `then` gets its reply, its error is the answer of the call.
  template <class Reply, class Handle, class Request>
  void ask(const Handle& to, Request message, std::function<void(Reply)> then,
           duration patience = usual_patience);
  /// The same, with the error for `otherwise`.
  template <class Reply, class Handle, class Request>
  void ask(const Handle& to, Request message, std::function<void(Reply)> then,
           std::function<void(const caf::error&)> otherwise, duration patience);

  void reply(std::string json, std::uint16_t status = 200, http_headers headers = {});
  void created(const std::string& location, std::string json, http_headers headers = {});
  void no_content();
  void fail(const problem& what, http_headers headers = {});
  void fail(const caf::error& error) { fail(problem_of(error)); }
  void fail(errc code, std::string detail) {
    fail(problem{code, std::move(detail), {}, std::nullopt});
  }
  void respond(http_response response);
  /// Answers with a body that comes bit by bit; the exchange is the caller's from then on.
  std::shared_ptr<http_exchange> stream(const std::string& media_type);

  // The steps before a handler; see dispatch.cpp.
  void dispatch();
  /// For a call that the server makes itself, for somebody whom it knows: neither counted nor
  /// noted.
  void dispatch_for(const identity& who);

private:
  void authenticate();
  void note(std::uint16_t status) const;
  void authenticated(identity who, bool by_cookie);
  void enter();
  bool read_query();
  bool read_body();
  void claim_key_then_run();
  void run();
  void guarded(const std::function<void()>& step);
  void dress(http_response& response) const;

  std::shared_ptr<const endpoint_parts> parts_;
  http_request request_;
  std::shared_ptr<http_exchange> exchange_;
  std::string id_;
  route_match match_;
  std::multimap<std::string, std::string, std::less<>> query_;
  request_body body_;
  identity identity_;
  /// The key to settle with the answer; empty: none.
  std::string claimed_;
  bool is_quiet_ = false;
  bool answered_ = false;
};

template <class Reply, class Handle, class Request>
void admin_call::ask(const Handle& to, Request message, std::function<void(Reply)> then,
                     duration patience) {
  ask<Reply>(
      to, std::move(message), std::move(then), [this](const caf::error& error) { fail(error); },
      patience);
}

template <class Reply, class Handle, class Request>
void admin_call::ask(const Handle& to, Request message, std::function<void(Reply)> then,
                     std::function<void(const caf::error&)> otherwise, duration patience) {
  exchange_->desk().ask<Reply>(to, std::move(message), patience,
                               [self = shared_from_this(), then = std::move(then),
                                otherwise = std::move(otherwise)](caf::expected<Reply> reply) {
                                 self->guarded([&] {
                                   if (reply)
                                     then(std::move(*reply));
                                   else
                                     otherwise(reply.error());
                                 });
                               });
}

} // namespace muster
