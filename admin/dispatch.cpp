// What happens to every request before its handler: who is it, may they, is it well-formed, was it
// done before.

#include "admin/call.hpp"
#include "admin/credentials.hpp"
#include "admin/parts.hpp"
#include "messages/secret.hpp"
#include "net/uri.hpp"

#include <algorithm>

namespace muster {

namespace {

constexpr std::size_t max_key = 255;

char lower(char letter) {
  return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const auto& word : words)
    out += (out.empty() ? "" : ", ") + word;
  return out;
}

bool is_json(std::string_view content_type) {
  auto kind = std::string{content_type.substr(0, content_type.find(';'))};
  std::transform(kind.begin(), kind.end(), kind.begin(), lower);
  while (!kind.empty() && (kind.back() == ' ' || kind.back() == '\t'))
    kind.pop_back();
  return kind.empty() || kind == "application/json" || kind == "application/merge-patch+json";
}

} // namespace

void admin_call::dispatch() {
  guarded([this] {
    match_ = parts_->routes.find(request_.method, request_.path);
    const auto is_api = request_.path == "/api" || request_.path.compare(0, 5, "/api/") == 0;
    // What is not there tells nothing to strangers either.
    if (match_.found ? match_.found->needs.has_value() : is_api)
      authenticate();
    else
      enter();
  });
}

void admin_call::dispatch_for(const identity& who) {
  is_quiet_ = true;
  guarded([&] {
    match_ = parts_->routes.find(request_.method, request_.path);
    authenticated(who, false);
  });
}

void admin_call::authenticate() {
  auto question = credentials_of(request_);
  question.passive = match_.found != nullptr && match_.found->is_passive;
  const auto by_cookie = !question.session_cookie.empty();
  if (question.bearer_token.empty() && !by_cookie) {
    fail(errc::unauthorized, "Send an API token as \"Authorization: Bearer TOKEN\", or sign in");
    return;
  }
  ask<identity>(addresses().accounts, std::move(question),
                [this, by_cookie](identity who) { authenticated(std::move(who), by_cookie); });
}

void admin_call::authenticated(identity who, bool by_cookie) {
  identity_ = std::move(who);
  const auto* const route = match_.found;
  if (route != nullptr && route->needs && identity_.role < *route->needs) {
    fail(errc::forbidden, "This needs the role " + std::string{to_string(*route->needs)});
    return;
  }
  const auto is_forged =
      by_cookie && is_unsafe(request_.method)
      && (identity_.csrf_token.empty()
          || !equal_in_constant_time(request_.header("x-csrf-token"), identity_.csrf_token));
  if (is_forged)
    fail(errc::forbidden, "X-CSRF-Token is missing or is not that of the session");
  else
    enter();
}

void admin_call::enter() {
  if (match_.broken) {
    fail(errc::bad_request, "The path has a broken escape");
  } else if (match_.found == nullptr && match_.allowed.empty()) {
    fail(errc::not_found, "There is nothing at this path");
  } else if (match_.found == nullptr) {
    const auto allowed = joined(match_.allowed);
    fail({errc::method_not_allowed, "Allowed here: " + allowed, {}, std::nullopt},
         {{"Allow", allowed}});
  } else if (read_query() && read_body()) {
    claim_key_then_run();
  }
}

bool admin_call::read_query() {
  if (match_.found->is_page)
    return true;
  auto pairs = parse_query(request_.query);
  if (!pairs) {
    fail(errc::bad_request, "The query string has a broken escape");
    return false;
  }
  for (auto& [name, value] : *pairs) {
    const auto& known = match_.found->query;
    const auto found =
        std::find_if(known.begin(), known.end(),
                     [&n = name](const query_parameter& each) { return each.name == n; });
    if (found == known.end()) {
      fail(bad_field(name, "Unknown query parameter \"" + name + "\""));
      return false;
    }
    if (!found->many && query_.contains(name)) {
      fail(bad_field(name, "The query parameter \"" + name + "\" is there twice"));
      return false;
    }
    query_.emplace(name, std::move(value));
  }
  return true;
}

bool admin_call::read_body() {
  if (!is_unsafe(request_.method))
    return true;
  if (!request_.body.empty() && !is_json(request_.header("content-type"))) {
    fail(errc::unsupported_media_type, "The body must be application/json");
    return false;
  }
  if (match_.found->body_is_checked_later)
    return true;
  if (const auto fault = request_body::read(request_.body, match_.found->body, body_)) {
    fail(*fault);
    return false;
  }
  return true;
}

void admin_call::claim_key_then_run() {
  const auto sent = request_.header("idempotency-key");
  // Who signs in is nobody yet, and signing in twice does no harm.
  if (sent.empty() || !is_unsafe(request_.method) || !match_.found->needs) {
    run();
    return;
  }
  if (sent.size() > max_key) {
    fail(errc::bad_request, "Idempotency-Key is longer than 255 bytes");
    return;
  }
  auto key =
      identity_.name + '\n' + request_.method + '\n' + request_.path + '\n' + std::string{sent};
  auto digest = sha256_hex(request_.query + '\n' + std::string{request_.header("if-match")} + '\n'
                           + request_.body);
  ask<key_claimed>(
      parts_->keys, claim_key{key, std::move(digest)}, [this, key](const key_claimed& result) {
        switch (result.outcome) {
        case claim::fresh:
          claimed_ = key;
          run();
          break;
        case claim::repeated: {
          auto again = *result.answer;
          again.headers.emplace_back("Idempotent-Replayed", "true");
          respond(std::move(again));
          break;
        }
        case claim::other_request:
          fail(errc::conflict, "The Idempotency-Key was used for another request");
          break;
        case claim::in_progress:
          fail(errc::conflict, "The first request with this Idempotency-Key is not through yet");
          break;
        case claim::full:
          fail(errc::unavailable, "Too many requests with an Idempotency-Key are not through yet");
          break;
        }
      });
}

void admin_call::run() {
  match_.found->handler(shared_from_this());
}

} // namespace muster
