// Sign-in and sign-out of the dashboard's users, and who one is.

#include "admin/call.hpp"
#include "admin/cookie.hpp"
#include "admin/json_writer.hpp"
#include "admin/resources.hpp"

namespace muster {

namespace {

/// Checking a password waits for its turn among the workers.
constexpr auto sign_in_patience = std::chrono::seconds{20};

/// In front of the names of those who come with a token.
constexpr std::string_view token_mark = "token:";

timestamp time_in(const admin_call& call, double lives_for) {
  return call.loop().wall_now()
         + std::chrono::duration_cast<timestamp::duration>(seconds{lives_for});
}

void show(const call_ptr& call) {
  const auto& who = call->caller();
  const auto by_token = who.name.starts_with(token_mark) && who.csrf_token.empty();
  json_writer json;
  json.begin_object();
  json.member("username", std::string_view{who.name}.substr(by_token ? token_mark.size() : 0));
  json.member("role", to_string(who.role)).text_or_null("csrf_token", who.csrf_token);
  json.member("expires_at", by_token ? timestamp{} : time_in(*call, who.lives_for));
  json.end_object();
  call->reply(json.take());
}

void begin(const call_ptr& call) {
  const auto name = call->body().text("username").value_or("");
  call->ask<signed_in>(
      call->addresses().accounts,
      sign_in{name, call->body().text("password").value_or(""), call->request().remote.ip},
      [call, name](const signed_in& session) {
        json_writer json;
        json.begin_object().member("username", name).member("role", to_string(session.role));
        json.member("csrf_token", session.csrf_token);
        json.member("expires_at", time_in(*call, session.lives_for));
        json.end_object();
        call->created("/api/v1/session", json.take(),
                      {{"Set-Cookie", set_session_cookie(session.session_cookie, session.lives_for,
                                                         call->request().secure)}});
      },
      sign_in_patience);
}

void end(const call_ptr& call) {
  const auto clear = [call] {
    call->respond({204, {{"Set-Cookie", set_session_cookie({}, 0, call->request().secure)}}, {}});
  };
  const auto cookie = session_cookie(call->request());
  // Whoever came with a token has no session to end.
  if (cookie.empty() || !call->request().header("authorization").empty()) {
    clear();
    return;
  }
  call->ask<done>(call->addresses().accounts, sign_out{cookie}, [clear](const done&) { clear(); });
}

} // namespace

routes session_routes() {
  const std::string path = "/api/v1/session";
  return {
      {"POST",
       path,
       std::nullopt,
       "Signs in: sets the cookie `muster_session` and answers with the CSRF token.",
       begin,
       {},
       {{"username", json_kind::text, true, "Who."},
        {"password", json_kind::text, true, "Their password."}},
       false,
       201,
       "session"},
      {"GET",
       path,
       role::viewer,
       "Says who one is, with what role, and until when a session is good.",
       show,
       {},
       {},
       false,
       200,
       "session"},
      {"DELETE", path, role::viewer, "Signs out.", end, {}, {}, false, 204},
  };
}

} // namespace muster
