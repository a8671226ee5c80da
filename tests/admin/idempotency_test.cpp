#include "tests/admin/admin_world.hpp"
#include "tests/catch.hpp"

using namespace muster;
using namespace muster::test;

namespace {

const http_headers with_key{{"idempotency-key", "k1"}};

/// Counts how often a token was made.
class counting_world : public admin_world {
public:
  counting_world() {
    desk.on<create_token, token_created>([this](const create_token& request) {
      ++made;
      return token_created{{"t" + std::to_string(made), request.name, request.role, "", 0},
                           "secret"};
    });
  }
  int made = 0;
};

} // namespace

TEST_CASE_METHOD(counting_world, "the same key and body get the first answer again") {
  const auto first = call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key);
  const auto second = call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key);
  CHECK(first.status == 201);
  CHECK(second.status == 201);
  CHECK(second.body == first.body);
  CHECK(header_of(second, "Location") == header_of(first, "Location"));
  CHECK(made == 1);
}

TEST_CASE_METHOD(counting_world, "the same key with another body is a conflict") {
  call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key);
  CHECK(call("POST", "/api/v1/tokens", R"({"name":"b"})", with_key).status == 409);
  CHECK(made == 1);
}

TEST_CASE_METHOD(counting_world, "a key is its sender's alone") {
  call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key);
  auto headers = with_key;
  headers.emplace_back("cookie", "muster_session=s1");
  headers.emplace_back("x-csrf-token", "c1");
  const auto other = send(request("POST", "/api/v1/tokens", R"({"name":"a"})", headers, ""));
  CHECK(other->response.status == 201);
  CHECK(made == 2);
}

TEST_CASE_METHOD(counting_world, "a key whose first request is not through yet is a conflict") {
  desk.slow = true;
  const auto first = send(request("POST", "/api/v1/tokens", R"({"name":"a"})", with_key));
  CHECK(call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key).status == 409);
  desk.answer_now();
  settle();
  CHECK(first->response.status == 201);
  CHECK(call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key).status == 201);
  CHECK(made == 1);
}

TEST_CASE_METHOD(counting_world, "what could not be done is tried again with the same key") {
  auto is_full = true;
  desk.on<create_token, token_created>([&](const create_token&) -> caf::expected<token_created> {
    if (is_full)
      return make_error(errc::unavailable);
    return token_created{{"t1", "a", role::viewer, "", 0}, "secret"};
  });
  CHECK(call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key).status == 503);
  is_full = false;
  CHECK(call("POST", "/api/v1/tokens", R"({"name":"a"})", with_key).status == 201);
}

TEST_CASE_METHOD(counting_world, "a key of more than 255 bytes is refused") {
  const http_headers headers{{"idempotency-key", std::string(256, 'k')}};
  CHECK(call("POST", "/api/v1/tokens", R"({"name":"a"})", headers).status == 400);
}

TEST_CASE("keys are kept for a day, and the oldest answers give way") {
  idempotency_keys keys;
  deadline now{};
  const auto answer = std::make_shared<const http_response>();
  CHECK(keys.claim_now({"first", "d"}, now).outcome == claim::fresh);
  keys.settle({"first", answer});
  CHECK(keys.claim_now({"first", "d"}, now + std::chrono::hours{23}).outcome == claim::repeated);
  CHECK(keys.claim_now({"first", "d"}, now + std::chrono::hours{24}).outcome == claim::fresh);

  for (std::size_t i = 0; i < idempotency_keys::max_keys + 10; ++i) {
    const auto key = "k" + std::to_string(i);
    now += std::chrono::milliseconds{1};
    keys.claim_now({key, "d"}, now + std::chrono::hours{24});
    keys.settle({key, answer});
  }
  CHECK(keys.size() == idempotency_keys::max_keys);
  CHECK(keys.claim_now({"k0", "d"}, now + std::chrono::hours{24}).outcome == claim::fresh);
}

TEST_CASE("keys that are all under way leave no room for more") {
  idempotency_keys keys;
  for (std::size_t i = 0; i < idempotency_keys::max_keys; ++i)
    keys.claim_now({"k" + std::to_string(i), "d"}, {});
  CHECK(keys.claim_now({"more", "d"}, {}).outcome == claim::full);
}

TEST_CASE("large answers give way when they are too many bytes") {
  idempotency_keys keys;
  auto large = std::make_shared<http_response>();
  large->body.assign(idempotency_keys::max_bytes / 4, 'x');
  for (const auto* key : {"a", "b", "c", "d", "e", "f"}) {
    keys.claim_now({key, "d"}, {});
    keys.settle({key, large});
  }
  CHECK(keys.size() <= 4);
  CHECK(keys.claim_now({"f", "d"}, {}).outcome == claim::repeated);
}
