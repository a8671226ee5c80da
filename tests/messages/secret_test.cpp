#include "messages/secret.hpp"

#include "messages/account.hpp"
#include "tests/catch.hpp"

#include <string>

using namespace muster;

TEST_CASE("a password is right for its own hash only") {
  const auto hash = hash_password("correct horse");
  CHECK(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK(verify_password(hash, "correct horse"));
  CHECK_FALSE(verify_password(hash, "correct hors"));
  CHECK_FALSE(verify_password(hash, ""));
  CHECK(hash_password("correct horse") != hash);
}

TEST_CASE("what is no hash fits no password") {
  CHECK_FALSE(verify_password("", "x"));
  CHECK_FALSE(verify_password("plain", "plain"));
  CHECK_FALSE(verify_password(std::string(4096, '$'), "x"));
}

TEST_CASE("SHA-256 is that of FIPS 180-4") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("random tokens are 43 characters that a URL may hold") {
  const auto token = random_token();
  CHECK(token.size() == 43);
  CHECK(token.find_first_of("+/=") == std::string::npos);
  CHECK(random_token() != token);
}

TEST_CASE("secrets are compared as a whole") {
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK(equal_in_constant_time("", ""));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "abcd"));
}

TEST_CASE("roles are known by their names") {
  for (const auto each : {role::viewer, role::operator_, role::admin})
    CHECK(parse_role(to_string(each)) == each);
  CHECK(to_string(role::operator_) == "operator");
  CHECK_FALSE(parse_role("root"));
  CHECK_FALSE(parse_role(""));
}

TEST_CASE("a keyed digest depends on its key, on both parts and on where one ends") {
  const std::string key(32, 'k');
  const auto digest = keyed_digest(key, "hash", "secret");
  CHECK(digest.size() == 32);
  CHECK(keyed_digest(key, "hash", "secret") == digest);
  CHECK(keyed_digest(std::string(32, 'l'), "hash", "secret") != digest);
  CHECK(keyed_digest(key, "hashs", "ecret") != digest);
  CHECK(keyed_digest(key, "", "hashsecret") != digest);
}
