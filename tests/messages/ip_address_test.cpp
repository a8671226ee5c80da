#include "messages/ip_address.hpp"
#include "tests/catch.hpp"

using namespace muster;

TEST_CASE("addresses of both versions are read in any spelling") {
  CHECK(ip_address::parse("10.0.0.1"));
  CHECK(ip_address::parse("10.0.0.1")->is_v4());
  CHECK(ip_address::parse("::ffff:10.0.0.1") == ip_address::parse("10.0.0.1"));
  CHECK(ip_address::parse("2001:db8:0:0::1") == ip_address::parse("[2001:DB8::1]"));
  for (const auto* bad : {"", "10", "10.0.0", "10.0.0.256", "10.0.0.1.", "10.0.0.1.2", "01.0.0.1",
                          "10..0.1", "a", ":", ":::", "1:2", "[]", "[10.0.0.1", "12345.0.0.1"})
    CHECK(!ip_address::parse(bad));
}

TEST_CASE("an address is found before its port") {
  CHECK(ip_address::parse_host("10.0.0.1:80") == ip_address::parse("10.0.0.1"));
  CHECK(ip_address::parse_host("[::1]:80") == ip_address::parse("::1"));
  CHECK(ip_address::parse_host("::1") == ip_address::parse("::1"));
  CHECK(!ip_address::parse_host("[::1"));
  CHECK(!ip_address::parse_host("host:80"));
}

TEST_CASE("addresses order by number") {
  CHECK(*ip_address::parse("10.0.0.9") < *ip_address::parse("10.0.0.10"));
  CHECK(*ip_address::parse("9.255.255.255") < *ip_address::parse("10.0.0.0"));
}

TEST_CASE("a network contains its addresses and no others") {
  const auto contains = [](const char* network, const char* address) {
    return ip_network::parse(network)->contains(*ip_address::parse(address));
  };
  CHECK(contains("10.0.0.0/8", "10.255.0.1"));
  CHECK(!contains("10.0.0.0/8", "11.0.0.1"));
  CHECK(contains("10.0.0.128/25", "10.0.0.129"));
  CHECK(!contains("10.0.0.128/25", "10.0.0.127"));
  CHECK(contains("0.0.0.0/0", "1.2.3.4"));
  CHECK(!contains("0.0.0.0/0", "::1"));
  CHECK(contains("::/0", "::1"));
  CHECK(contains("2001:db8::/33", "2001:db8:7fff::1"));
  CHECK(!contains("2001:db8::/33", "2001:db8:8000::1"));
  CHECK(contains("10.0.0.1", "10.0.0.1"));
  for (const auto* bad : {"", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/8x", "10.0.0.0/-1",
                          "::/129", "10.0.0.0/8/8"})
    CHECK(!ip_network::parse(bad));
}
