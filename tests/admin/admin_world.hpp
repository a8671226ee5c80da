#pragma once

#include "admin/endpoint.hpp"
#include "admin/history.hpp"
#include "admin/idempotency.hpp"
#include "messages/json_scan.hpp"
#include "tests/actors/actor_world.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace muster::test {

/// Answers for all actors, from lambdas; what none knows is `unavailable`.
class fake_desk final : public desk {
public:
  explicit fake_desk(actor_world& world) : world_{world} {}

  const house& addresses() const override { return house_; }

  /// The newest lambda for a message counts.
  template <class Request, class Reply>
  void on(std::function<caf::expected<Reply>(const Request&)> answer) {
    answers_.insert(answers_.begin(), [answer = std::move(answer)](const caf::message& request,
                                                                   const untyped_callback& done) {
      if (!request.match_elements<Request>())
        return false;
      auto reply = answer(request.get_as<Request>(0));
      if (reply)
        done(caf::make_message(std::move(*reply)));
      else
        done(std::move(reply.error()));
      return true;
    });
  }

  /// What was asked and when its answer was given up.
  std::vector<duration> patiences;
  /// While set, answers wait for `answer_now`.
  bool slow = false;
  void answer_now() {
    slow = false;
    for (auto& each : std::exchange(waiting_, {}))
      each();
  }

protected:
  void ask_untyped(const caf::strong_actor_ptr& to, caf::message request, duration patience,
                   untyped_callback done) override {
    patiences.push_back(patience);
    if (forward<claim_key, key_claimed>(to, request, done)
        || forward<take_rates, current_rates>(to, request, done)
        || forward<take_history, kept_history>(to, request, done))
      return;
    const auto answer = [this, request, done = std::move(done)] {
      for (const auto& each : answers_)
        if (each(request, done))
          return;
      done(make_error(errc::unavailable));
    };
    if (slow && !request.match_elements<authenticate>())
      waiting_.push_back(answer);
    else
      answer();
  }

private:
  /// The endpoint's own actors are real.
  template <class Request, class Reply>
  bool forward(const caf::strong_actor_ptr& to, const caf::message& request,
               const untyped_callback& done) {
    if (!request.match_elements<Request>())
      return false;
    const auto reply =
        world_.ask<Reply>(caf::actor_cast<caf::actor>(to), request.get_as<Request>(0));
    done(caf::make_message(*reply));
    return true;
  }

  actor_world& world_;
  house house_;
  std::vector<std::function<bool(const caf::message&, const untyped_callback&)>> answers_;
  std::vector<std::function<void()>> waiting_;
};

/// Keeps what was answered.
class fake_exchange final : public http_exchange {
public:
  fake_exchange(home& loop, muster::desk& desk) : loop_{loop}, desk_{desk} {}

  void respond(http_response answer) override {
    ++answers;
    response = std::move(answer);
  }
  void begin_stream(http_response answer) override {
    ++answers;
    response = std::move(answer);
    streaming = true;
  }
  bool write(std::string_view chunk) override {
    if (reader_is_slow)
      return false;
    response.body += chunk;
    return true;
  }
  void end_stream() override { ended = true; }
  std::size_t unsent() const override { return unsent_bytes; }
  void on_gone(std::function<void()> callback) override { gone = std::move(callback); }
  home& loop() override { return loop_; }
  muster::desk& desk() override { return desk_; }

  http_response response;
  int answers = 0;
  bool streaming = false;
  bool ended = false;
  bool reader_is_slow = false;
  std::size_t unsent_bytes = 0;
  std::function<void()> gone;

private:
  home& loop_;
  muster::desk& desk_;
};

/// The value of a header of a response; empty when it is not there.
inline std::string header_of(const http_response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers)
    if (key == name)
      return value;
  return {};
}

/// The raw JSON of a member of a response's body.
inline std::string member_of(const http_response& response, std::string_view name) {
  return std::string{find_member(response.body, name)};
}

/// An endpoint whose actors are lambdas. `viewer`, `operator` and `admin` are tokens of that role,
/// and the cookie `s1` is a session of an admin with the CSRF token `c1`.
class admin_world : public actor_world {
public:
  admin_world() {
    options.server_name = "node-1";
    options.version = "1.2.3";
    options.started_at = wall_start;
    options.draining = [this] { return draining; };
    desk.on<authenticate, identity>([](const authenticate& who) -> caf::expected<identity> {
      if (who.session_cookie == "s1")
        return identity{"ann", role::admin, "c1"};
      if (const auto known = parse_role(who.bearer_token))
        return identity{"token:" + who.bearer_token, *known, {}};
      return make_error(errc::unauthorized);
    });
  }

  admin_world(const admin_world&) = delete;
  admin_world& operator=(const admin_world&) = delete;
  /// Streams go on until their peers go.
  ~admin_world() {
    for (const auto& each : exchanges_)
      if (const auto open = each.lock(); open && open->gone)
        open->gone();
  }

  std::shared_ptr<fake_exchange> send(http_request request) {
    if (!handler)
      handler = make_admin_endpoint(system, options);
    request.remote = {"192.0.2.7", 5000};
    auto exchange = std::make_shared<fake_exchange>(loop, desk);
    exchanges_.push_back(exchange);
    handler(std::move(request), exchange);
    settle();
    return exchange;
  }

  /// A request of an admin, `target` with its query string.
  http_response call(std::string method, const std::string& target, std::string body = {},
                     http_headers headers = {}) {
    return send(request(std::move(method), target, std::move(body), std::move(headers)))->response;
  }

  static http_request request(std::string method, const std::string& target, std::string body = {},
                              http_headers headers = {}, const std::string& token = "admin") {
    http_request out;
    out.method = std::move(method);
    const auto mark = target.find('?');
    out.path = target.substr(0, mark);
    out.query = mark == std::string::npos ? "" : target.substr(mark + 1);
    out.headers = std::move(headers);
    if (!token.empty())
      out.headers.emplace_back("authorization", "Bearer " + token);
    out.body = std::move(body);
    return out;
  }

  endpoint_options options;
  fake_desk desk{*this};
  bool draining = false;
  http_handler handler;

private:
  std::vector<std::weak_ptr<fake_exchange>> exchanges_;
};

} // namespace muster::test
