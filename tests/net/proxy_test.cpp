#include "net/proxy.hpp"

#include "messages/errc.hpp"
#include "tests/catch.hpp"

using namespace muster;
using outcome = proxy_header::outcome;
using texts = std::vector<std::string_view>;

namespace {

address_set set(const std::vector<std::string>& blocks) {
  auto parsed = address_set::parse(blocks);
  REQUIRE(parsed);
  return *parsed;
}

const std::string signature{"\r\n\r\n\0\r\nQUIT\n", 12};

} // namespace

TEST_CASE("addresses and blocks of both families are found") {
  auto some = set({"10.0.0.0/8", "192.0.2.7", "2001:db8::/33", " ::1 "});
  CHECK(some.contains("10.255.0.1"));
  CHECK(some.contains("::ffff:10.1.2.3"));
  CHECK(some.contains("192.0.2.7"));
  CHECK(some.contains("2001:db8:7fff::1"));
  CHECK(some.contains("::1"));
  CHECK_FALSE(some.contains("11.0.0.1"));
  CHECK_FALSE(some.contains("192.0.2.8"));
  CHECK_FALSE(some.contains("2001:db8:8000::1"));
  CHECK_FALSE(some.contains("nonsense"));
  CHECK_FALSE(address_set{}.contains("127.0.0.1"));
  CHECK(set({"0.0.0.0/0"}).contains("8.8.8.8"));
  CHECK_FALSE(set({"0.0.0.0/0"}).contains("2001:db8::1"));
}

TEST_CASE("text that is no address is named") {
  for (auto text :
       {"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "::/129", "host", "1.2.3.4/8x"}) {
    auto parsed = address_set::parse({"127.0.0.1", text});
    REQUIRE_FALSE(parsed);
    CHECK(code_of(parsed.error()) == errc::bad_request);
  }
}

TEST_CASE("nothing is believed from a peer that is not trusted") {
  auto trusted = set({"10.0.0.0/8"});
  CHECK(forwarded_for(texts{"1.2.3.4"}, {}, "192.0.2.1", trusted).empty());
  CHECK(forwarded_for({}, texts{"for=1.2.3.4"}, "192.0.2.1", trusted).empty());
  CHECK(forwarded_for(texts{"1.2.3.4"}, {}, "10.0.0.1", {}).empty());
}

TEST_CASE("the client is the first stranger from the right") {
  auto trusted = set({"10.0.0.0/8"});
  auto from = [&](const texts& values) { return forwarded_for(values, {}, "10.0.0.1", trusted); };
  CHECK(from({"1.2.3.4"}) == "1.2.3.4");
  CHECK(from({"6.6.6.6, 1.2.3.4, 10.0.0.2"}) == "1.2.3.4");
  CHECK(from({"6.6.6.6", "1.2.3.4 ,10.0.0.2", "10.0.0.3"}) == "1.2.3.4");
  CHECK(from({"10.0.0.9, 10.0.0.2"}) == "10.0.0.9");
  CHECK(from({"1.2.3.4:5678"}) == "1.2.3.4");
  CHECK(from({"[2001:DB8::1]:5678"}) == "2001:db8::1");
  CHECK(from({"2001:db8::1"}) == "2001:db8::1");
  CHECK(from({"::ffff:1.2.3.4"}) == "1.2.3.4");
  CHECK(from({"1.2.3.4, "}) == "1.2.3.4");
}

TEST_CASE("what stands left of something unreadable is not believed") {
  auto trusted = set({"10.0.0.0/8"});
  auto from = [&](const texts& values) { return forwarded_for(values, {}, "10.0.0.1", trusted); };
  CHECK(from({"unknown"}).empty());
  CHECK(from({"1.2.3.4, <script>"}).empty());
  CHECK(from({"1.2.3.4, unknown, 10.0.0.2"}) == "10.0.0.2");
  CHECK(from({"1.2.3.4:99999"}).empty());
  CHECK(from({""}).empty());
}

TEST_CASE("the header Forwarded is read with its quotes and parameters") {
  auto trusted = set({"10.0.0.0/8"});
  auto from = [&](const texts& values) { return forwarded_for({}, values, "10.0.0.1", trusted); };
  CHECK(from({"for=192.0.2.60;proto=http;by=203.0.113.43"}) == "192.0.2.60");
  CHECK(from({"proto=http;For=\"[2001:db8:cafe::17]:4711\""}) == "2001:db8:cafe::17");
  CHECK(from({"for=6.6.6.6, for=1.2.3.4;by=\"a,b;c\", for=10.0.0.2"}) == "1.2.3.4");
  CHECK(from({"for=1.2.3.4", "for=10.0.0.2"}) == "1.2.3.4");
  CHECK(from({"for=1.2.3.4, for=_hidden"}).empty());
  CHECK(from({"for=1.2.3.4, proto=http"}).empty());
  CHECK(from({"for=\"1.2.3.4"}).empty());
  CHECK(from({"for=\"1.2.3.\\4\""}) == "1.2.3.4");
}

TEST_CASE("a client cannot slip in Forwarded beside a proxy's X-Forwarded-For") {
  auto trusted = set({"10.0.0.0/8"});
  CHECK(forwarded_for(texts{"1.2.3.4"}, texts{"for=6.6.6.6"}, "10.0.0.1", trusted) == "1.2.3.4");
}

TEST_CASE("version 1 of the PROXY protocol") {
  std::string text = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\nGET /";
  auto found = parse_proxy_header(text);
  REQUIRE(found.state == outcome::done);
  CHECK(found.consumed == text.size() - 5);
  CHECK(found.source == endpoint{"192.0.2.1", 56324});
  CHECK(found.destination == endpoint{"192.0.2.2", 443});
  auto six = parse_proxy_header("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n");
  REQUIRE(six.state == outcome::done);
  CHECK(six.source == endpoint{"2001:db8::1", 1});
  auto unknown = parse_proxy_header("PROXY UNKNOWN whatever\r\n");
  CHECK(unknown.state == outcome::done);
  CHECK_FALSE(unknown.source);
}

TEST_CASE("a PROXY header may come byte by byte") {
  std::string one = "PROXY TCP4 192.0.2.1 192.0.2.2 56324 443\r\n";
  for (std::size_t i = 0; i < one.size(); ++i)
    CHECK(parse_proxy_header(one.substr(0, i)).state == outcome::need_more);
  auto two = signature + std::string{"\x21\x11\0\x0c\1\2\3\4\5\6\7\10\0\x50\1\xbb", 16};
  for (std::size_t i = 0; i < two.size(); ++i)
    CHECK(parse_proxy_header(two.substr(0, i)).state == outcome::need_more);
  auto found = parse_proxy_header(two + "more");
  REQUIRE(found.state == outcome::done);
  CHECK(found.consumed == two.size());
  CHECK(found.source == endpoint{"1.2.3.4", 80});
  CHECK(found.destination == endpoint{"5.6.7.8", 443});
}

TEST_CASE("version 2 of the PROXY protocol: other families and commands") {
  auto six = signature + std::string{"\x21\x21\0\x26", 4} + std::string(15, '\0') + '\1'
             + std::string(15, '\0') + '\2' + std::string{"\0\x50\1\xbb\xff\xff", 6};
  auto found = parse_proxy_header(six);
  REQUIRE(found.state == outcome::done);
  CHECK(found.consumed == six.size());
  CHECK(found.source == endpoint{"::1", 80});
  CHECK(found.destination == endpoint{"::2", 443});
  auto local = parse_proxy_header(signature + std::string{"\x20\0\0\0", 4});
  CHECK(local.state == outcome::done);
  CHECK_FALSE(local.source);
  auto unix_socket = parse_proxy_header(signature + std::string{"\x21\x31\0\1x", 5});
  CHECK(unix_socket.state == outcome::done);
  CHECK_FALSE(unix_socket.source);
}

TEST_CASE("what is no PROXY header is refused") {
  for (auto text : {"GET / HTTP/1.1\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1\r\n",
                    "PROXY TCP4 1.2.3.4 5.6.7.8 1 2 3\r\n", "PROXY TCP4 ::1 ::1 1 2\r\n",
                    "PROXY TCP6 1.2.3.4 5.6.7.8 1 2\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 65536\r\n",
                    "PROXY UDP4 1.2.3.4 5.6.7.8 1 2\r\n", "PROXX"})
    CHECK(parse_proxy_header(text).state == outcome::bad);
  CHECK(parse_proxy_header("PROXY " + std::string(120, 'x')).state == outcome::bad);
  CHECK(parse_proxy_header(signature + std::string{"\x11\x11\0\0", 4}).state == outcome::bad);
  CHECK(parse_proxy_header(signature + std::string{"\x21\x11\0\4abcd", 8}).state == outcome::bad);
  CHECK(parse_proxy_header(signature + std::string{"\x21\x11\xff\xff", 4}).state == outcome::bad);
}
