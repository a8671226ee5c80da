#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

user ann() {
  return {"ann", role::operator_, "$argon2id$secret", 1795435200000000};
}

class some_accounts : public admin_world {
public:
  some_accounts() {
    desk.on<list_users, user_list>([](const list_users&) { return user_list{{ann()}}; });
    desk.on<create_user, user>([this](const create_user& what) {
      password = what.password;
      return user{what.username, what.role, "$argon2id$secret", 1795435200000000};
    });
    desk.on<edit_user, user>([this](const edit_user& what) {
      edits.push_back(what);
      return ann();
    });
    desk.on<delete_user, done>([](const delete_user& what) -> caf::expected<done> {
      if (what.username != "ann")
        return make_error(errc::not_found);
      return done{};
    });
    desk.on<sign_in, signed_in>([this](const sign_in& what) -> caf::expected<signed_in> {
      address = what.address;
      if (what.password != "right")
        return make_error(errc::unauthorized, "The name or the password is wrong");
      return signed_in{"s1", "c1", role::admin, 3600};
    });
    desk.on<sign_out, done>([this](const sign_out& what) {
      ended = what.session_cookie;
      return done{};
    });
  }
  std::string password;
  std::string address;
  std::string ended;
  std::vector<edit_user> edits;
};

} // namespace

TEST_CASE_METHOD(some_accounts, "users are shown without their hashes") {
  const auto response = call("GET", "/api/v1/users");
  CHECK(member_of(response, "items")
        == R"([{"username":"ann","role":"operator","created_at":"2026-11-23T12:00:00.000000Z"}])");
  CHECK(response.body.find("argon2id") == std::string::npos);
}

TEST_CASE_METHOD(some_accounts, "a user is made with a role, of which there are three") {
  const auto response =
      call("POST", "/api/v1/users", R"({"username":"b c","password":"pw","role":"operator"})");
  CHECK(response.status == 201);
  CHECK(header_of(response, "Location") == "/api/v1/users/b%20c");
  CHECK(response.body.find("pw") == std::string::npos);
  CHECK(password == "pw");
  const auto wrong =
      call("POST", "/api/v1/users", R"({"username":"b","password":"pw","role":"king"})");
  CHECK(wrong.status == 400);
  CHECK(member_of(wrong, "field") == R"("role")");
  CHECK(call("POST", "/api/v1/users", R"({"username":"b"})").status == 400);
}

TEST_CASE_METHOD(some_accounts,
                 "a user's edit has only what is to change, and may depend on a version") {
  const auto first = call("PATCH", "/api/v1/users/ann", R"({"role":"viewer"})");
  CHECK(first.status == 200);
  REQUIRE(edits.size() == 1);
  CHECK(edits[0].role == role::viewer);
  CHECK(!edits[0].password);
  const auto version = header_of(first, "ETag");
  CHECK(call("PATCH", "/api/v1/users/ann", "{}", {{"if-match", version}}).status == 200);
  CHECK(call("PATCH", "/api/v1/users/ann", "{}", {{"if-match", "\"other\""}}).status == 412);
  CHECK(call("PATCH", "/api/v1/users/bob", "{}", {{"if-match", version}}).status == 404);
}

TEST_CASE_METHOD(some_accounts, "a user is deleted") {
  CHECK(call("DELETE", "/api/v1/users/ann").status == 204);
  CHECK(call("DELETE", "/api/v1/users/bob").status == 404);
}

TEST_CASE_METHOD(some_accounts, "a token is shown once, when it is made") {
  desk.on<create_token, token_created>([](const create_token& what) {
    return token_created{{"t1", what.name, what.role, "hash", 1795435200000000}, "the-token"};
  });
  desk.on<list_tokens, token_list>([](const list_tokens&) {
    return token_list{{{"t1", "ci", role::viewer, "hash", 1795435200000000}}};
  });
  const auto made = call("POST", "/api/v1/tokens", R"({"name":"ci","role":"viewer"})");
  CHECK(made.status == 201);
  CHECK(header_of(made, "Location") == "/api/v1/tokens/t1");
  CHECK(member_of(made, "id") == R"("t1")");
  CHECK(member_of(made, "token") == R"("the-token")");
  const auto listed = call("GET", "/api/v1/tokens");
  CHECK(listed.body.find("the-token") == std::string::npos);
  CHECK(listed.body.find("hash") == std::string::npos);
}

TEST_CASE_METHOD(some_accounts,
                 "signing in sets a cookie that scripts and other sites do not get") {
  const auto response =
      send(request("POST", "/api/v1/session", R"({"username":"ann","password":"right"})", {}, ""))
          ->response;
  CHECK(response.status == 201);
  CHECK(header_of(response, "Set-Cookie")
        == "muster_session=s1; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600");
  CHECK(member_of(response, "csrf_token") == R"("c1")");
  CHECK(response.body.find("s1") == std::string::npos);
  CHECK(address == "192.0.2.7");
}

TEST_CASE_METHOD(some_accounts, "over TLS the cookie stays on TLS") {
  auto sent =
      request("POST", "/api/v1/session", R"({"username":"ann","password":"right"})", {}, "");
  sent.secure = true;
  const auto cookie = header_of(send(sent)->response, "Set-Cookie");
  CHECK(cookie.find("; Secure") != std::string::npos);
}

TEST_CASE_METHOD(some_accounts, "a wrong password is 401, too many attempts are 429") {
  const auto attempt = [&] {
    return send(request("POST", "/api/v1/session", R"({"username":"ann","password":"x"})", {}, ""))
        ->response;
  };
  CHECK(attempt().status == 401);
  desk.on<sign_in, signed_in>([](const sign_in&) -> caf::expected<signed_in> {
    return make_error(errc::too_many_requests);
  });
  const auto refused = attempt();
  CHECK(refused.status == 429);
  CHECK(!header_of(refused, "Retry-After").empty());
}

TEST_CASE_METHOD(some_accounts, "a session says whose it is and until when it is good") {
  desk.on<authenticate, identity>([](const authenticate&) {
    return identity{"ann", role::operator_, "c1", 1800};
  });
  const http_headers headers{{"cookie", "muster_session=s1"}};
  const auto response = send(request("GET", "/api/v1/session", {}, headers, ""))->response;
  CHECK(response.status == 200);
  CHECK(member_of(response, "username") == R"("ann")");
  CHECK(member_of(response, "role") == R"("operator")");
  CHECK(member_of(response, "csrf_token") == R"("c1")");
  CHECK(member_of(response, "expires_at")
        == '"' + to_rfc3339(loop.wall_now() + std::chrono::minutes{30}) + '"');
}

TEST_CASE_METHOD(some_accounts, "a token says its name and has no end") {
  const auto response = call("GET", "/api/v1/session");
  CHECK(response.body
        == R"({"username":"admin","role":"admin","csrf_token":null,"expires_at":null})");
}

TEST_CASE_METHOD(some_accounts, "signing out ends the session and takes the cookie back") {
  const http_headers headers{{"cookie", "muster_session=s1"}, {"x-csrf-token", "c1"}};
  const auto response = send(request("DELETE", "/api/v1/session", {}, headers, ""))->response;
  CHECK(response.status == 204);
  CHECK(ended == "s1");
  CHECK(header_of(response, "Set-Cookie").find("Max-Age=0") != std::string::npos);
}
