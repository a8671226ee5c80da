#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

http_headers cookie(std::string csrf) {
  http_headers out{{"cookie", "a=b; muster_session=s1"}};
  if (!csrf.empty())
    out.emplace_back("x-csrf-token", std::move(csrf));
  return out;
}

class world_with_tokens : public admin_world {
public:
  world_with_tokens() {
    desk.on<list_tokens, token_list>([](const list_tokens&) { return token_list{}; });
    desk.on<delete_token, done>([](const delete_token&) { return done{}; });
  }
};

} // namespace

TEST_CASE_METHOD(world_with_tokens,
                 "without credentials the answer is 401 and says how to send them") {
  const auto response = send(request("GET", "/api/v1/tokens", {}, {}, ""))->response;
  CHECK(response.status == 401);
  CHECK(header_of(response, "WWW-Authenticate").find("Bearer") == 0);
  CHECK(member_of(response, "code") == R"("unauthorized")");
  CHECK(member_of(response, "request_id") == '"' + header_of(response, "X-Request-Id") + '"');
}

TEST_CASE_METHOD(world_with_tokens, "other schemes and wrong tokens are nobody") {
  for (const auto* value : {"Basic YTpi", "Bearer", "Bearer ", "Bearer wrong", "admin"}) {
    const http_headers headers{{"authorization", value}, {"cookie", "muster_session=s1"}};
    CHECK(send(request("GET", "/api/v1/tokens", {}, headers, ""))->response.status == 401);
  }
  const http_headers other_case{{"authorization", "bearer admin"}};
  CHECK(send(request("GET", "/api/v1/tokens", {}, other_case, ""))->response.status == 200);
}

TEST_CASE_METHOD(world_with_tokens,
                 "a session reads with its cookie and changes with its CSRF token") {
  CHECK(send(request("GET", "/api/v1/tokens", {}, cookie(""), ""))->response.status == 200);
  CHECK(send(request("DELETE", "/api/v1/tokens/t", {}, cookie(""), ""))->response.status == 403);
  CHECK(send(request("DELETE", "/api/v1/tokens/t", {}, cookie("c2"), ""))->response.status == 403);
  CHECK(send(request("DELETE", "/api/v1/tokens/t", {}, cookie("c1"), ""))->response.status == 204);
}

TEST_CASE_METHOD(world_with_tokens, "strangers do not learn what is there") {
  CHECK(send(request("GET", "/api/v1/nothing", {}, {}, ""))->response.status == 401);
  CHECK(send(request("PUT", "/api/v1/tokens", {}, {}, ""))->response.status == 401);
}

TEST_CASE_METHOD(world_with_tokens, "an unknown path is 404, a known one with another method 405") {
  for (const auto* path :
       {"/api/v1/nothing", "/api/v1", "/api/v2/tokens", "/nothing", "/api/v1/clients",
        "/api/v1/closed", "/api/v1/audit", "/api/v1/connections:watch", "/api/v1/tokens/"})
    CHECK(call("GET", path).status == 404);
  const auto response = call("PUT", "/api/v1/tokens");
  CHECK(response.status == 405);
  CHECK(header_of(response, "Allow") == "GET, HEAD, POST");
}

TEST_CASE_METHOD(world_with_tokens, "a HEAD is answered as its GET") {
  CHECK(call("HEAD", "/api/v1/tokens").status == 200);
  CHECK(call("HEAD", "/healthz").status == 200);
}

TEST_CASE_METHOD(world_with_tokens, "unknown and repeated query parameters are named") {
  const auto unknown = call("GET", "/api/v1/tokens?colour=red");
  CHECK(unknown.status == 400);
  CHECK(member_of(unknown, "field") == R"("colour")");
  CHECK(call("GET", "/api/v1/tokens?limit=1&limit=2").status == 400);
  CHECK(call("GET", "/api/v1/tokens?limit=%f").status == 400);
  CHECK(call("GET", "/healthz?x=1").status == 400);
}

TEST_CASE_METHOD(world_with_tokens, "a body must be JSON in its type and in its text") {
  const auto post = [&](const std::string& type, std::string body) {
    http_headers headers;
    if (!type.empty())
      headers.emplace_back("content-type", type);
    return call("POST", "/api/v1/tokens", std::move(body), std::move(headers));
  };
  const std::string body = R"({"name":"a"})";
  CHECK(post("text/plain", body).status == 415);
  CHECK(post("application/jsonx", body).status == 415);
  // There is no answer for create_token: past all checks.
  CHECK(post("application/json; charset=utf-8", body).status == 503);
  CHECK(post("Application/JSON", body).status == 503);
  CHECK(post("", body).status == 503);
  CHECK(post("application/json", "{").status == 400);
  const auto extra = post("", R"({"name":"a","colour":1})");
  CHECK(extra.status == 400);
  CHECK(member_of(extra, "field") == R"("colour")");
  CHECK(extra.body.find("colour") != std::string::npos);
  CHECK(call("DELETE", "/api/v1/tokens/t", R"({"x":1})").status == 400);
}

TEST_CASE_METHOD(world_with_tokens, "every answer has the headers that keep browsers honest") {
  const auto response = call("GET", "/api/v1/tokens");
  CHECK(header_of(response, "X-Content-Type-Options") == "nosniff");
  CHECK(header_of(response, "Cache-Control") == "no-store");
  CHECK(!header_of(response, "X-Request-Id").empty());
  CHECK(header_of(response, "Access-Control-Allow-Origin").empty());
}

TEST_CASE_METHOD(world_with_tokens, "an actor that does not answer in time makes a 504") {
  desk.on<list_tokens, token_list>(
      [](const list_tokens&) -> caf::expected<token_list> { return make_error(errc::timed_out); });
  CHECK(call("GET", "/api/v1/tokens").status == 504);
}

TEST_CASE_METHOD(admin_world, "a draining server is alive but not ready") {
  const auto get = [&](const std::string& path) {
    return send(request("GET", path, {}, {}, ""))->response.status;
  };
  CHECK(get("/healthz") == 200);
  CHECK(get("/readyz") == 200);
  draining = true;
  CHECK(get("/healthz") == 200);
  CHECK(get("/readyz") == 503);
}

TEST_CASE_METHOD(admin_world, "the version and the pages are for anybody") {
  CHECK(member_of(send(request("GET", "/version", {}, {}, ""))->response, "version")
        == R"("1.2.3")");
  for (const auto* path : {"/", "/channels", "/connections/ws.1?filter=a%20b&x", "/sign-in"}) {
    const auto page = send(request("GET", path, {}, {}, ""))->response;
    CHECK(page.status == 200);
    CHECK(header_of(page, "Content-Type") == "text/html; charset=utf-8");
    CHECK(header_of(page, "Content-Security-Policy").find("default-src 'none'; script-src") == 0);
  }
}
