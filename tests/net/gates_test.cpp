#include "net/gates.hpp"

#include "tests/catch.hpp"
#include "tests/net/open_gates.hpp"

using namespace muster;
using test::open_gates;

TEST_CASE_METHOD(open_gates, "a port that is 0 is told as the one that was bound") {
  const auto bound = testee.bound();
  REQUIRE(bound.size() == 1);
  CHECK(bound[0].name == "default");
  CHECK(bound[0].address.ip == "127.0.0.1");
  CHECK(bound[0].address.port != 0);
  CHECK(!bound[0].tls);
}

TEST_CASE_METHOD(open_gates, "a listener that a channel brings along lives as long as it is used") {
  const std::string own = "127.0.0.1:0";
  REQUIRE(!testee.ensure(own));
  REQUIRE(testee.bound().size() == 2);
  testee.publish({{own, "/own", {}, channel}, {"default", "/api", {}, channel}});
  CHECK(testee.bound().size() == 2);
  testee.publish({{"default", "/api", {}, channel}});
  CHECK(testee.bound().size() == 1);
}

TEST_CASE_METHOD(open_gates, "only configured names and addresses can be listened on") {
  CHECK(!testee.ensure("default"));
  CHECK(code_of(testee.ensure("elsewhere")) == errc::bad_request);
  CHECK(code_of(testee.ensure("1.2.3:80")) == errc::bad_request);
  CHECK(code_of(testee.ensure("127.0.0.1:99999")) == errc::bad_request);
  const auto taken = "127.0.0.1:" + std::to_string(port());
  CHECK(code_of(testee.ensure(taken)) == errc::unavailable);
}

TEST_CASE_METHOD(open_gates, "the same path on two listeners is two channels' business") {
  REQUIRE(!testee.open({"second", {"127.0.0.1", 0}, std::nullopt, false}));
  test::raw_client client{port("second")};
  client.send(test::upgrade_request("/api"));
  CHECK(client.read_all().starts_with("HTTP/1.1 404 "));
}

TEST_CASE_METHOD(open_gates, "when accepting has stopped nobody can connect") {
  const auto was = port();
  testee.stop_accepting();
  on(all[0], [] {});
  on(all[1], [] {});
  bool refused = false;
  try {
    test::raw_client late{was};
  } catch (const std::runtime_error&) {
    refused = true;
  }
  CHECK(refused);
  CHECK(testee.bound().empty());
}

TEST_CASE_METHOD(open_gates, "files that are no certificate are refused by name") {
  const auto failure =
      testee.open({"tls", {"127.0.0.1", 0}, tls_files{"/nonexistent", "/nonexistent"}, false});
  CHECK(code_of(failure) == errc::bad_request);
  CHECK(detail_of(failure).find("/nonexistent") != std::string::npos);
}
