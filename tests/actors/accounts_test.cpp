#include "tests/actors/some_accounts.hpp"
#include "tests/catch.hpp"

using namespace muster;
using test::some_accounts;

TEST_CASE_METHOD(some_accounts, "whoever signs in is known by the cookie") {
  create("ada", role::operator_);
  const auto session = *sign_in_as("ada");
  CHECK(session.role == role::operator_);
  CHECK(session.lives_for == 12 * 3600);
  const auto who = *who_has_cookie(session.session_cookie);
  CHECK(who.name == "ada");
  CHECK(who.role == role::operator_);
  CHECK(who.csrf_token == session.csrf_token);
}

TEST_CASE_METHOD(some_accounts, "whoever has signed out is nobody") {
  create("ada");
  const auto cookie = sign_in_as("ada")->session_cookie;
  CHECK(ask<done>(testee, sign_out{cookie}).replied());
  CHECK(who_has_cookie(cookie).error() == errc::unauthorized);
}

TEST_CASE_METHOD(some_accounts, "without credentials one is nobody") {
  CHECK(ask<identity>(testee, authenticate{}).error() == errc::unauthorized);
  CHECK(who_has_token("made up").error() == errc::unauthorized);
}

TEST_CASE_METHOD(some_accounts, "a wrong password and an unknown name look and cost alike") {
  create("ada");
  const auto before = hashes->hashed;
  const auto wrong = sign_in_as("ada", "wrong").failure();
  CHECK(hashes->checked == 1);
  const auto unknown = sign_in_as("bob").failure();
  CHECK(hashes->hashed == before + 1);
  CHECK(code_of(wrong) == errc::unauthorized);
  CHECK(wrong == unknown);
  CHECK(detail_of(wrong) == detail_of(unknown));
}

TEST_CASE_METHOD(some_accounts, "guessing is slowed down, and looks at no password meanwhile") {
  create("ada");
  for (int i = 0; i < 5; ++i)
    CHECK(sign_in_as("ada", "wrong").error() == errc::unauthorized);
  const auto slowed = sign_in_as("ada");
  CHECK(slowed.error() == errc::too_many_requests);
  CHECK(detail_of(slowed.failure()) == "too many failed attempts, try again in 1 s");
  CHECK(hashes->checked == 5);
  pass(std::chrono::seconds{1});
  CHECK(sign_in_as("ada").replied());
}

TEST_CASE_METHOD(some_accounts, "many guesses at once are no way around it") {
  create("ada");
  std::vector<test::answer<signed_in>> guesses;
  for (int i = 0; i < 50; ++i)
    guesses.push_back(ask_later<signed_in>(testee, sign_in{"ada", "wrong", "10.0.0.1"}));
  settle();
  CHECK(hashes->checked == 5);
}

TEST_CASE_METHOD(some_accounts, "a hasher that is too busy is not the visitor's failure") {
  create("ada");
  hashes->refuse = true;
  for (int i = 0; i < 20; ++i)
    CHECK(detail_of(sign_in_as(i % 2 == 0 ? "ada" : "bob").failure()) == "too many passwords wait");
  hashes->refuse = false;
  CHECK(sign_in_as("ada").replied());
}

TEST_CASE_METHOD(some_accounts, "what was said before the store was read waits for it") {
  create("ada");
  exit(testee);
  testee = start<accounts>(documents, secrets);
  auto early = ask_later<user_list>(testee, list_users{});
  settle();
  CHECK(early->items.size() == 1);
}

TEST_CASE_METHOD(some_accounts, "a store that cannot be read ends the actor") {
  disk->fail_load = true;
  exit(testee);
  testee = start<accounts>(documents, secrets);
  CHECK(ask<user_list>(testee, list_users{}).failed());
}

TEST_CASE_METHOD(some_accounts, "a damaged record ends the actor and is never a user") {
  disk->on_disk[{document_kind::user, "eve"}] = "damaged";
  exit(testee);
  testee = start<accounts>(documents, secrets);
  CHECK(ask<user_list>(testee, list_users{}).failed());
}

TEST_CASE_METHOD(some_accounts, "a drill ends the accounts") {
  settle();
  tell(testee, drill{});
  CHECK(ask<user_list>(testee, list_users{}).failed());
}
