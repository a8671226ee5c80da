#include "net/pubsub_request.hpp"

#include "messages/errc.hpp"
#include "tests/catch.hpp"

using namespace muster;

namespace {

http_request request(std::string method, std::string path, std::string query = {}) {
  http_request made;
  made.method = std::move(method);
  made.path = std::move(path);
  made.query = std::move(query);
  return made;
}

std::vector<std::string> names(const std::string& path) {
  const auto target = read_pubsub_target(request("POST", path));
  return target ? target->names : std::vector<std::string>{};
}

errc fault(const std::string& method, const std::string& path) {
  const auto target = read_pubsub_target(request(method, path));
  return target ? errc::internal : code_of(target.error());
}

http_credentials shown(const std::string& name, const std::string& value) {
  auto made = request("POST", "/pubsub/topic/a");
  made.headers = {{name, value}};
  return read_credentials(made);
}

using list = std::vector<std::string>;

} // namespace

TEST_CASE("all behind the path's beginning is the topic, encoded or not") {
  CHECK(names("/pubsub/topic//orders/new") == list{"/orders/new"});
  CHECK(names("/pubsub/topic/%2Forders%2fnew") == list{"/orders/new"});
  CHECK(names("/zato/pubsub/topic//a%20b") == list{"/a b"});
  CHECK(names("/pubsub/subscribe/topic//orders/") == list{"/orders/"});
  CHECK(names("/pubsub/topic/a+b") == list{"a+b", "/a+b"});
}

TEST_CASE("a name without a slash may also be meant with one") {
  CHECK(names("/pubsub/topic/orders/new") == list{"orders/new", "/orders/new"});
  // 200 bytes are the most that a name may have.
  CHECK(names("/pubsub/topic/" + std::string(200, 'x')) == list{std::string(200, 'x')});
}

TEST_CASE("the method says what is to be done") {
  const auto verb = [](const char* method, const char* path) {
    const auto target = read_pubsub_target(request(method, path));
    REQUIRE(target);
    return target->verb;
  };
  CHECK(verb("POST", "/pubsub/topic/a") == pubsub_verb::publish);
  CHECK(verb("PATCH", "/pubsub/topic/a") == pubsub_verb::pull);
  CHECK(verb("POST", "/zato/pubsub/subscribe/topic/a") == pubsub_verb::subscribe);
  CHECK(verb("DELETE", "/pubsub/subscribe/topic/a") == pubsub_verb::unsubscribe);
}

TEST_CASE("what cannot be meant is refused by its kind") {
  CHECK(fault("GET", "/pubsub/topic/a") == errc::method_not_allowed);
  CHECK(fault("DELETE", "/pubsub/topic/a") == errc::method_not_allowed);
  CHECK(fault("PATCH", "/pubsub/subscribe/topic/a") == errc::method_not_allowed);
  CHECK(pubsub_methods("/pubsub/topic/a") == "POST, PATCH");
  CHECK(pubsub_methods("/zato/pubsub/subscribe/topic/a") == "POST, DELETE");
  for (const auto* path : {"/pubsub/", "/pubsub/topic", "/pubsub/topic/", "/pubsub/topics/a",
                           "/zato/pubsub/subscribe/topic/", "/zato/topic/a"}) {
    CHECK(fault("POST", path) == errc::not_found);
    CHECK(pubsub_methods(path).empty());
  }
  for (const auto* path : {"/pubsub/topic/%2", "/pubsub/topic/%zz", "/pubsub/topic/%ff",
                           "/pubsub/topic/a%0ab", "/pubsub/topic/a*", "/pubsub/topic/%00"})
    CHECK(fault("POST", path) == errc::bad_request);
  CHECK(fault("POST", "/pubsub/topic/" + std::string(201, 'x')) == errc::bad_request);
}

TEST_CASE("the query string may name the channel") {
  const auto target =
      read_pubsub_target(request("POST", "/pubsub/topic/a", "x=y&channel=my%20own"));
  REQUIRE(target);
  CHECK(target->channel == "my own");
  CHECK(!read_pubsub_target(request("POST", "/pubsub/topic/a", "channel=%")));
}

TEST_CASE("credentials are read from the headers for them") {
  const auto basic = shown("authorization", "bAsIc dXNlcjE6c2VjOnJldA==").basic;
  REQUIRE(basic);
  CHECK(basic->username == "user1");
  CHECK(basic->secret == "sec:ret");
  CHECK(shown("x-api-key", "key-1").key == "key-1");
  for (const auto* wrong : {"Basic", "Basic ", "Bearer dXNlcjE6c2VjOnJldA==", "Basic dXNlcjE=",
                            "Basic OnNlY3JldA==", "Basic dXNlcjE6c2Vj!nJldA=="})
    CHECK(!shown("authorization", wrong).basic);
}

TEST_CASE("a pull takes as many messages as it says") {
  CHECK(read_pull_limit("") == 500U);
  CHECK(read_pull_limit("{}") == 500U);
  CHECK(read_pull_limit(R"({"max_messages":null})") == 500U);
  CHECK(read_pull_limit(R"({"max_messages": 1000, "more": 1})") == 1000U);
  for (const auto* wrong : {"[]", "{", "7", R"({"max_messages":0})", R"({"max_messages":1001})",
                            R"({"max_messages":1.5})", R"({"max_messages":"7"})"}) {
    const auto limit = read_pull_limit(wrong);
    REQUIRE(!limit);
    CHECK(code_of(limit.error()) == errc::bad_request);
  }
}
