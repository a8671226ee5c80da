#include "tests/actors/some_accounts.hpp"
#include "tests/catch.hpp"

using namespace muster;
using test::some_accounts;

TEST_CASE_METHOD(some_accounts, "users are listed without their hashes and survive a restart") {
  const auto made = *create("bob", role::operator_);
  CHECK(made.password_hash.empty());
  CHECK(made.created_at > 0);
  create("ada", role::admin);
  restart();
  const auto users = ask<user_list>(testee, list_users{})->items;
  REQUIRE(users.size() == 2);
  CHECK(users[0].username == "ada");
  CHECK(users[1].role == role::operator_);
  CHECK(users[1].password_hash.empty());
  CHECK(sign_in_as("bob").replied());
}

TEST_CASE_METHOD(some_accounts, "a name is there once, also when two make it at the same time") {
  auto first = ask_later<user>(testee, create_user{"ada", "password", role::viewer});
  auto second = ask_later<user>(testee, create_user{"ada", "password", role::viewer});
  settle();
  CHECK(first.replied() != second.replied());
  CHECK(create("ada").error() == errc::conflict);
}

TEST_CASE_METHOD(some_accounts, "bad names and passwords are refused by field") {
  for (const auto* name : {"", "with blank", "sl/ash", "\xc3\xa4"}) {
    auto refused = create(name);
    CHECK(refused.error() == errc::bad_request);
    CHECK(detail_of(refused.failure()).find("username") == 0);
  }
  CHECK(create(std::string(65, 'a')).error() == errc::bad_request);
  CHECK(create(std::string(64, 'a')).replied());
  auto refused = create("ada", role::viewer, "1234567");
  CHECK(detail_of(refused.failure()).find("password") == 0);
  CHECK(create("ada", role::viewer, "12345678").replied());
  CHECK(set_password("ada", "short").error() == errc::bad_request);
}

TEST_CASE_METHOD(some_accounts, "a new password ends the sessions that the old one opened") {
  create("ada");
  const auto cookie = sign_in_as("ada")->session_cookie;
  CHECK(set_password("ada", "another one").replied());
  CHECK(who_has_cookie(cookie).error() == errc::unauthorized);
  CHECK(sign_in_as("ada").error() == errc::unauthorized);
  CHECK(sign_in_as("ada", "another one").replied());
}

TEST_CASE_METHOD(some_accounts, "a new role holds for the sessions that are open") {
  create("ada");
  const auto cookie = sign_in_as("ada")->session_cookie;
  CHECK(set_role("ada", role::operator_)->role == role::operator_);
  CHECK(who_has_cookie(cookie)->role == role::operator_);
  CHECK(set_role("nobody", role::admin).error() == errc::not_found);
}

TEST_CASE_METHOD(some_accounts, "a deleted user is gone with the sessions, for good") {
  create("ada");
  const auto cookie = sign_in_as("ada")->session_cookie;
  CHECK(drop_user("ada").replied());
  CHECK(drop_user("ada").error() == errc::not_found);
  CHECK(who_has_cookie(cookie).error() == errc::unauthorized);
  restart();
  CHECK(sign_in_as("ada").error() == errc::unauthorized);
}

TEST_CASE_METHOD(some_accounts, "the last administrator stays") {
  create("ada", role::admin);
  create("bob");
  CHECK(drop_user("ada").error() == errc::conflict);
  CHECK(set_role("ada", role::viewer).error() == errc::conflict);
  CHECK(drop_user("bob").replied());

  SECTION("until there is another one") {
    create("eve", role::admin);
    CHECK(drop_user("ada").replied());
    CHECK(drop_user("eve").error() == errc::conflict);
  }
  SECTION("until a token is one") {
    create_token_named("viewer", role::viewer);
    CHECK(drop_user("ada").error() == errc::conflict);
    create_token_named("ci", role::admin);
    CHECK(drop_user("ada").replied());
  }
  SECTION("also when the last two go at the same time") {
    create("eve", role::admin);
    auto first = ask_later<done>(testee, delete_user{"ada"});
    auto second = ask_later<done>(testee, delete_user{"eve"});
    settle();
    CHECK(first.replied() != second.replied());
  }
}

TEST_CASE_METHOD(some_accounts, "what the disk refuses has not happened") {
  create("ada");
  disk->fail_put = true;
  CHECK(create("bob").error() == errc::unavailable);
  CHECK(set_role("ada", role::admin).error() == errc::unavailable);
  disk->fail_put = false;
  CHECK(ask<user_list>(testee, list_users{})->items.size() == 1);
  CHECK(ask<user_list>(testee, list_users{})->items[0].role == role::viewer);
  CHECK(create("bob").replied());
}

TEST_CASE_METHOD(some_accounts, "a user that could not be hashed can be made later") {
  hashes->refuse = true;
  CHECK(create("ada").error() == errc::too_many_requests);
  hashes->refuse = false;
  CHECK(create("ada").replied());
}
