#include "messages/codec.hpp"

#include "tests/catch.hpp"

#include <boost/crc.hpp>
#include <rapidcheck.h>

#include <string>
#include <vector>

using namespace muster;

namespace {

channel_definition some_channel() {
  channel_definition out;
  out.name = "crm";
  out.path = "/crm";
  out.security = channel_security::basic;
  out.credentials = {{"user1", "$argon2id$x"}, {"user2", ""}};
  out.max_connections = 7;
  out.rate_limit = rate_limit{2.5, 10};
  out.slow_consumer = slow_consumer::conflate;
  out.allowed_origins = {"https://a", "https://b"};
  out.permissions = "pub=/a/*\nsub=/**";
  out.message_log = {100, 512, {"secret"}};
  return out;
}

channel_definition any_channel() {
  auto out = some_channel();
  out.name = *rc::gen::arbitrary<std::string>();
  out.services_allowed = *rc::gen::arbitrary<std::vector<std::string>>();
  out.is_active = *rc::gen::arbitrary<bool>();
  out.token_ttl = *rc::gen::arbitrary<double>();
  out.max_in_flight = *rc::gen::arbitrary<std::uint32_t>();
  out.max_message_bytes = *rc::gen::arbitrary<std::uint64_t>();
  if (*rc::gen::arbitrary<bool>())
    out.rate_limit.reset();
  if (*rc::gen::arbitrary<bool>())
    out.max_connections_per_client = *rc::gen::arbitrary<std::uint64_t>();
  out.message_log.redact = *rc::gen::arbitrary<std::vector<std::string>>();
  return out;
}

/// The record with its length and checksum made right for its content.
std::string sealed(std::string content) {
  std::string out(1, '\x01');
  const auto put = [&](std::uint32_t value) {
    for (auto i = 0; i < 4; ++i)
      out += static_cast<char>(value >> (8 * i) & 0xFF);
  };
  boost::crc_32_type crc;
  crc.process_bytes(content.data(), content.size());
  put(static_cast<std::uint32_t>(content.size()));
  put(crc.checksum());
  return out + content;
}

constexpr std::size_t head_length = 9;

} // namespace

TEST_CASE("a definition comes back from its bytes as it was") {
  CHECK(*from_bytes<channel_definition>(to_bytes(some_channel())) == some_channel());
  CHECK(*from_bytes<channel_definition>(to_bytes(channel_definition{})) == channel_definition{});
  CHECK(rc::check([] {
    const auto value = any_channel();
    const auto back = from_bytes<channel_definition>(to_bytes(value));
    RC_ASSERT(back);
    RC_ASSERT(*back == value);
  }));
}

TEST_CASE("accounts come back from their bytes") {
  const auto back = from_bytes<user>(to_bytes(user{"ada", role::admin, "hash", -5}));
  REQUIRE(back);
  CHECK(back->username == "ada");
  CHECK(back->role == role::admin);
  CHECK(back->password_hash == "hash");
  CHECK(back->created_at == -5);
  CHECK(from_bytes<api_token>(to_bytes(api_token{"1", "ci", role::operator_, "h", 3}))->name
        == "ci");
}

TEST_CASE("a record with any byte changed is an error") {
  const auto good = to_bytes(some_channel());
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const auto flip : {0x01, 0x80, 0xFF}) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      CHECK_FALSE(from_bytes<channel_definition>(bad));
    }
}

TEST_CASE("a record that is too short or too long is an error") {
  const auto good = to_bytes(some_channel());
  for (std::size_t length = 0; length < good.size(); ++length)
    CHECK_FALSE(from_bytes<channel_definition>(std::string_view{good}.substr(0, length)));
  CHECK_FALSE(from_bytes<channel_definition>(good + '\0'));
}

TEST_CASE("a forged record with a right checksum does no harm") {
  const auto content = to_bytes(some_channel()).substr(head_length);
  for (std::size_t i = 0; i < content.size(); ++i)
    for (const auto byte : {0x00, 0x7F, 0xFF}) {
      auto forged = content;
      forged[i] = static_cast<char>(byte);
      from_bytes<channel_definition>(sealed(forged));
      CHECK_FALSE(from_bytes<channel_definition>(sealed(content.substr(0, i))));
    }
  CHECK_FALSE(from_bytes<channel_definition>(sealed(content + "x")));
}

TEST_CASE("a record of another struct is an error") {
  CHECK_FALSE(from_bytes<user>(to_bytes(some_channel())));
}

TEST_CASE("fields that an older record lacks take their defaults") {
  // Little-endian, two fields of four: a name and a role.
  using namespace std::string_literals;
  const auto older = sealed("\x01\x02\x03\x00\x00\x00"s + "ada" + "\x02");
  const auto back = from_bytes<user>(older);
  REQUIRE(back);
  CHECK(back->username == "ada");
  CHECK(back->role == role::admin);
  CHECK(back->created_at == 0);
}

TEST_CASE("a choice that does not exist is an error") {
  using namespace std::string_literals;
  CHECK_FALSE(from_bytes<user>(sealed("\x01\x02\x03\x00\x00\x00"s + "ada" + "\x09")));
}
