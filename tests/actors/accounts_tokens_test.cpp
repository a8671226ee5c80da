#include "messages/secret.hpp"
#include "tests/actors/some_accounts.hpp"
#include "tests/catch.hpp"

using namespace muster;
using test::some_accounts;

namespace {

constexpr auto given = "given by automation";
constexpr auto without_blanks = "given-by-automation";

struct some_tokens : some_accounts {
  std::vector<api_token> tokens() { return ask<token_list>(testee, list_tokens{})->items; }
};

} // namespace

TEST_CASE_METHOD(some_tokens, "a token is told once and stored as its hash") {
  const auto made = *create_token_named("ci", role::operator_);
  CHECK(made.token.size() == 43);
  CHECK(made.item.token_hash.empty());
  CHECK(who_has_token(made.token)->name == "token:ci");
  CHECK(who_has_token(made.token)->role == role::operator_);
  CHECK(who_has_token(made.token)->csrf_token.empty());
  for (const auto& [id, body] : disk->on_disk)
    CHECK(body.find(made.token) == std::string::npos);
  restart();
  CHECK(who_has_token(made.token)->name == "token:ci");
  REQUIRE(tokens().size() == 1);
  CHECK(tokens()[0].id == made.item.id);
  CHECK(tokens()[0].token_hash.empty());
}

TEST_CASE_METHOD(some_tokens, "a token that was deleted is nobody's") {
  const auto made = *create_token_named("ci");
  CHECK(ask<done>(testee, delete_token{made.item.id}).replied());
  CHECK(ask<done>(testee, delete_token{made.item.id}).error() == errc::not_found);
  CHECK(who_has_token(made.token).error() == errc::unauthorized);
  CHECK(disk->on_disk.empty());
}

TEST_CASE_METHOD(some_tokens, "names of tokens are there once") {
  create_token_named("ci");
  CHECK(create_token_named("ci").error() == errc::conflict);
  CHECK(create_token_named("").error() == errc::bad_request);
  CHECK(create_token_named("new\nline").error() == errc::bad_request);
}

TEST_CASE_METHOD(some_tokens, "a given token is the same at every start") {
  const auto first = *create_token_named("env", role::admin, without_blanks);
  CHECK(first.token == without_blanks);
  const auto commits = disk->commits;
  restart();
  CHECK(create_token_named("env", role::admin, without_blanks)->item.id == first.item.id);
  CHECK(disk->commits == commits);
  CHECK(tokens().size() == 1);
  CHECK(who_has_token(without_blanks)->role == role::admin);
}

TEST_CASE_METHOD(some_tokens, "a given token takes the place of the older one of its name") {
  create_token_named("env", role::admin, without_blanks);
  create_token_named("env", role::admin, "another-given-token");
  CHECK(tokens().size() == 1);
  CHECK(who_has_token(without_blanks).error() == errc::unauthorized);
  CHECK(who_has_token("another-given-token").replied());
}

TEST_CASE_METHOD(some_tokens, "a given token must be long, whole and nobody else's") {
  CHECK(create_token_named("env", role::admin, "fifteen-letters").error() == errc::bad_request);
  CHECK(create_token_named("env", role::admin, given).error() == errc::bad_request);
  create_token_named("env", role::admin, without_blanks);
  CHECK(create_token_named("two", role::admin, without_blanks).error() == errc::conflict);
}

TEST_CASE_METHOD(some_tokens, "the last way in for an administrator stays") {
  const auto only = create_token_named("ci", role::admin)->item.id;
  CHECK(ask<done>(testee, delete_token{only}).error() == errc::conflict);
  create("ada", role::admin);
  CHECK(ask<done>(testee, delete_token{only}).replied());
}
