#include "messages/codec.hpp"

#include "tests/catch.hpp"

#include <boost/crc.hpp>
#include <rapidcheck.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
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

constexpr std::size_t head_length = 9;

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

topic_definition some_topic() {
  topic_definition out;
  out.name = "/orders";
  out.number = 7;
  out.durable = false;
  out.retention_age = 0.25;
  out.on_no_subscribers = no_subscribers::drop;
  out.created_at_us = 1795459945978086;
  return out;
}

topic_message any_message() {
  topic_message out;
  out.seq = *rc::gen::arbitrary<std::uint64_t>();
  out.msg_id = *rc::gen::arbitrary<std::string>();
  out.data = *rc::gen::arbitrary<std::string>();
  out.priority = *rc::gen::arbitrary<std::uint8_t>();
  out.mime_type = *rc::gen::arbitrary<std::string>();
  out.correl_id = *rc::gen::arbitrary<std::string>();
  out.in_reply_to = *rc::gen::arbitrary<std::string>();
  out.ext_client_id = *rc::gen::arbitrary<std::string>();
  out.ext_pub_time = *rc::gen::arbitrary<std::string>();
  out.key = *rc::gen::arbitrary<std::string>();
  out.publisher = *rc::gen::arbitrary<std::string>();
  out.channel = *rc::gen::arbitrary<std::string>();
  out.own_id = *rc::gen::arbitrary<bool>();
  out.expiration = *rc::gen::arbitrary<double>();
  out.published_us = *rc::gen::arbitrary<std::int64_t>();
  out.expires_us = *rc::gen::arbitrary<std::int64_t>();
  return out;
}

stored_subscription some_subscription() {
  stored_subscription out;
  out.facts = {
      "zpsk.wsx.ext.1.00000007x", "/orders",       "crm", "ext.1", ack_mode::client, true, true, 7,
      slow_consumer::drop_newest, 1795459945978086};
  out.state.take_all(12);
  out.state.taken[8] = 15;
  out.state.unacked = {{10, 1}, {12, 3}};
  out.state.skip(13, 14);
  out.delivered = 99;
  out.dropped = 2;
  out.detached_at_us = 1795459945978087;
  return out;
}

/// All that is in it, one after the other; whether two are the same.
template <class T>
auto tied(const T& value) {
  return std::apply([&](const auto&... each) { return std::tie(value.*each.member...); },
                    T::fields);
}

/// Changes every byte in turn; nothing of it may be taken for a value.
template <class T>
void check_damage(const T& value) {
  const auto good = to_bytes(value);
  REQUIRE(from_bytes<T>(good));
  for (std::size_t i = 0; i < good.size(); ++i) {
    for (const auto flip : {0x01, 0x80, 0xFF}) {
      auto bad = good;
      bad[i] = static_cast<char>(bad[i] ^ flip);
      CHECK_FALSE(from_bytes<T>(bad));
    }
    CHECK_FALSE(from_bytes<T>(std::string_view{good}.substr(0, i)));
  }
  CHECK_FALSE(from_bytes<T>(good + '\0'));
}

/// With a checksum that is right for the wrong content: an error or a value, nothing worse.
template <class T>
void check_forgery(const T& value) {
  const auto content = to_bytes(value).substr(head_length);
  for (std::size_t i = 0; i < content.size(); ++i) {
    for (const auto byte : {0x00, 0x7F, 0xFF}) {
      auto forged = content;
      forged[i] = static_cast<char>(byte);
      from_bytes<T>(sealed(forged));
    }
    CHECK_FALSE(from_bytes<T>(sealed(content.substr(0, i))));
  }
  CHECK_FALSE(from_bytes<T>(sealed(content + "x")));
}

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

TEST_CASE("a topic comes back from its bytes") {
  CHECK(*from_bytes<topic_definition>(to_bytes(some_topic())) == some_topic());
  CHECK(*from_bytes<topic_definition>(to_bytes(topic_definition{})) == topic_definition{});
}

TEST_CASE("a message of a topic comes back from its bytes") {
  CHECK(rc::check([] {
    const auto value = any_message();
    const auto back = from_bytes<topic_message>(to_bytes(value));
    RC_ASSERT(back);
    RC_ASSERT(tied(*back) == tied(value));
  }));
}

TEST_CASE("a subscription comes back from its bytes with how far it is") {
  const auto value = some_subscription();
  const auto back = from_bytes<stored_subscription>(to_bytes(value));
  REQUIRE(back);
  CHECK(tied(back->facts) == tied(value.facts));
  CHECK(back->state.taken == value.state.taken);
  REQUIRE(back->state.unacked.size() == 2);
  CHECK(tied(back->state.unacked[0]) == std::tuple{10U, 1U});
  CHECK(tied(back->state.unacked[1]) == std::tuple{12U, 3U});
  REQUIRE(back->state.skipped.size() == 1);
  CHECK(tied(back->state.skipped[0]) == std::tuple{13U, 14U});
  CHECK(back->delivered == 99);
  CHECK(back->dropped == 2);
  CHECK(back->detached_at_us == value.detached_at_us);
}

TEST_CASE("a stored topic, message or subscription that is damaged is an error") {
  topic_message message;
  message.data = "{\"a\":1}";
  check_damage(some_topic());
  check_damage(message);
  check_damage(some_subscription());
}

TEST_CASE("a forged topic, message or subscription does no harm") {
  topic_message message;
  message.data = "{\"a\":1}";
  check_forgery(some_topic());
  check_forgery(message);
  check_forgery(some_subscription());
}

TEST_CASE("a topic, a message and a subscription are not taken for each other") {
  const topic_message message;
  CHECK_FALSE(from_bytes<topic_message>(to_bytes(some_topic())));
  CHECK_FALSE(from_bytes<topic_definition>(to_bytes(some_subscription())));
  CHECK_FALSE(from_bytes<stored_subscription>(to_bytes(message)));
}
