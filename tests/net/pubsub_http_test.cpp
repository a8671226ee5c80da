#include "net/pubsub_http.hpp"

#include "messages/json_scan.hpp"
#include "tests/catch.hpp"
#include "tests/net/open_gates.hpp"
#include "tests/net/own_certificate.hpp"
#include "tests/net/pubsub_fakes.hpp"
#include "tests/net/tls_client.hpp"

using namespace muster;

namespace {

constexpr auto user1 = "Authorization: Basic dXNlcjE6c2VjcmV0MQ==\r\n";  // user1:secret1
constexpr auto wrong = "Authorization: Basic dXNlcjE6c2VjcmV0Mg==\r\n";  // user1:secret2
constexpr auto nobody = "Authorization: Basic bm9ib2R5OnNlY3JldDE=\r\n"; // nobody:secret1
constexpr auto busy = "Authorization: Basic dXNlcjE6YnVzeQ==\r\n";       // user1:busy

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

struct reply {
  std::string head;
  std::string body;
  std::string status() const { return head.substr(9, 3); }
  /// A member of the body, as it stands.
  std::string member(std::string_view name) const { return std::string{find_member(body, name)}; }
};

/// A listener with topics `/orders`, `plain`, `/plain`, and channels with and without security.
struct at_the_counter : test::open_gates {
  at_the_counter() {
    basic("shop", {{"user1", "secret1"}}, "pub=/orders\nsub=**\npub=plain\npub=/made/**");
    add("tills", channel_security::api_key, {{"till 7", "key-1"}}, "pub=**\nsub=**");
    add("open", channel_security::none, {}, "pub=/orders");
    house addresses;
    addresses.channels = spawn<test::fixed_catalogue>(*system, infos);
    topics = spawn<test::few_topics>(*system,
                                     std::vector<std::string>{"/orders", "plain", "/plain"}, topic);
    addresses.topics = topics;
    catalogue = addresses.channels;
    tell_all(addresses);
  }
  ~at_the_counter() {
    testee.stop_accepting();
    tell_all({});
    for (const auto& each : infos)
      caf::anon_send_exit(each.actor, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(catalogue, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(topics, caf::exit_reason::user_shutdown);
  }

  channel_definition& add(std::string name, channel_security security,
                          std::vector<credential> credentials, std::string permissions) {
    auto rules = std::make_shared<channel_definition>();
    rules->name = std::move(name);
    rules->security = security;
    rules->credentials = std::move(credentials);
    rules->permissions = std::move(permissions);
    channel_info info;
    info.definition = rules;
    info.actor = spawn<test::guarded_channel>(*system, channel_ptr{rules}, asked);
    infos.push_back(info);
    return *rules;
  }
  channel_definition& basic(std::string name, std::vector<credential> who, std::string rights) {
    return add(std::move(name), channel_security::basic, std::move(who), std::move(rights));
  }

  /// Gives the loops new addresses, and waits until they have them.
  void tell_all(house addresses) {
    all.publish(std::make_shared<const house>(addresses));
    settle();
    settle();
  }
  /// The channels from now on.
  void recatalogue() {
    caf::anon_send_exit(catalogue, caf::exit_reason::user_shutdown);
    catalogue = spawn<test::fixed_catalogue>(*system, infos);
    house addresses;
    addresses.channels = catalogue;
    addresses.topics = topics;
    tell_all(addresses);
  }

  static std::string text(const std::string& line, const std::string& headers,
                          const std::string& body = {}) {
    return line + " HTTP/1.1\r\nHost: a\r\n" + headers
           + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }
  static reply read(test::raw_client& client) {
    reply got;
    got.head = client.read_until("\r\n\r\n");
    const auto at = got.head.find("Content-Length: ");
    got.body = client.read(at == std::string::npos ? 0 : std::stoul(got.head.substr(at + 16)));
    return got;
  }
  reply ask(const std::string& line, const std::string& headers, const std::string& body = {}) {
    test::raw_client client{port()};
    client.send(text(line, headers, body));
    return read(client);
  }

  std::shared_ptr<test::journal> asked = std::make_shared<test::journal>();
  std::shared_ptr<test::topic_script> topic = std::make_shared<test::topic_script>();
  std::vector<channel_info> infos;
  topics_actor topics;
  catalogue_actor catalogue;
};

const std::string hello = R"({"data":"hello","priority":7})";

} // namespace

TEST_CASE_METHOD(at_the_counter, "a publication reaches its topic as it came") {
  const auto got = ask("POST /pubsub/topic//orders", user1,
                       R"({"data": {"n" : 1.0},"ext_client_id":"mine","key":"k"})");
  CHECK(got.status() == "200");
  CHECK(has(got.head, "Content-Type: application/json\r\n"));
  CHECK(got.member("is_ok") == "true");
  CHECK(got.member("cid").size() == 26);
  CHECK(got.member("msg_id") == R"("zpsm1")");
  const auto kept = topic->last();
  CHECK(kept.data == R"({"n" : 1.0})");
  CHECK(kept.publisher == "user1");
  CHECK(kept.ext_client_id == "mine");
  CHECK(kept.channel == "shop");
  CHECK(kept.key == "k");
}

TEST_CASE_METHOD(at_the_counter, "the older paths lead to the same place, slash or not") {
  for (const auto* path : {"/zato/pubsub/topic//orders", "/pubsub/topic/orders",
                           "/pubsub/topic/%2Forders", "/zato/pubsub/topic/orders"})
    CHECK(ask(std::string{"POST "} + path, user1, hello).status() == "200");
  CHECK(topic->last().priority == 7);
}

TEST_CASE_METHOD(at_the_counter, "a topic is first looked for as its name stands") {
  CHECK(ask("POST /pubsub/subscribe/topic/plain", user1).member("sub_key") == R"("zpsk.plain")");
  // The channel may publish to the one, so the other is not meant.
  CHECK(ask("POST /pubsub/topic/plain", user1, hello).status() == "200");
  CHECK(ask("PATCH /pubsub/topic/plain", user1).member("meta") == R"({"count":1})");
}

TEST_CASE_METHOD(at_the_counter, "what waits for a subscription can be taken, once") {
  CHECK(ask("PATCH /pubsub/topic//orders", user1).status() == "404");
  const auto made = ask("POST /pubsub/subscribe/topic//orders", user1);
  CHECK(made.status() == "200");
  CHECK(made.member("sub_key") == R"("zpsk./orders")");
  CHECK(topic->subscribers.at(0).client_id == "http.user1");
  CHECK(topic->subscribers.at(0).channel == "shop");
  for (const auto* data : {"1", "2", "3"})
    ask("POST /pubsub/topic//orders", user1, std::string{"{\"data\":"} + data + "}");
  auto got = ask("PATCH /pubsub/topic//orders", user1, R"({"max_messages":2})");
  CHECK(got.status() == "200");
  CHECK(got.member("is_ok") == "true");
  CHECK(got.member("meta") == R"({"count":2})");
  const auto list = got.member("messages");
  const auto messages = json_elements(list);
  REQUIRE(messages.size() == 2);
  CHECK(find_member(messages[0], "data") == "1");
  CHECK(find_member(messages[0], "sub_key") == R"("zpsk./orders")");
  CHECK(find_member(messages[0], "delivery_count") == "1");
  CHECK(find_member(messages[1], "msg_id") == R"("zpsm2")");
  got = ask("PATCH /pubsub/topic//orders", user1);
  CHECK(got.member("meta") == R"({"count":1})");
  CHECK(topic->pulls.back().limit == 500);
  CHECK(ask("PATCH /pubsub/topic//orders", user1).member("messages") == "[]");
  CHECK(ask("PATCH /pubsub/topic//orders", user1, R"({"max_messages":0})").status() == "400");
}

TEST_CASE_METHOD(at_the_counter, "a subscription can be ended, once") {
  ask("POST /pubsub/subscribe/topic//orders", user1);
  const auto ended = ask("DELETE /pubsub/subscribe/topic//orders", user1);
  CHECK(ended.status() == "200");
  CHECK(ended.member("is_ok") == "true");
  const auto again = ask("DELETE /pubsub/subscribe/topic//orders", user1);
  CHECK(again.status() == "404");
  CHECK(again.member("is_ok") == "false");
  CHECK(ask("DELETE /pubsub/subscribe/topic//none", user1).status() == "404");
}

TEST_CASE_METHOD(at_the_counter, "who is not known is not let in") {
  for (const auto& [line, headers] : {std::pair{"POST /pubsub/topic//orders", ""},
                                      {"POST /pubsub/topic//orders", wrong},
                                      {"POST /pubsub/topic//orders", nobody},
                                      {"POST /pubsub/topic//orders", "X-API-Key: key-2\r\n"},
                                      {"POST /pubsub/topic//orders?channel=shop", ""},
                                      {"POST /pubsub/topic//orders?channel=shop", wrong},
                                      {"POST /pubsub/topic//orders?channel=tills", user1}}) {
    const auto got = ask(line, headers, hello);
    CHECK(got.status() == "401");
    CHECK(has(got.head, "WWW-Authenticate: Basic realm=\"muster\"\r\n"));
    CHECK(got.member("is_ok") == "false");
    CHECK(got.member("details") == R"("The credentials are missing or wrong")");
  }
  CHECK(topic->publications.empty());
  // For one who is known nowhere one channel is asked, so that it takes as long.
  CHECK(asked->has("shop is asked for nobody:secret1"));
  CHECK(ask("POST /pubsub/topic//orders", busy, hello).status() == "503");
}

TEST_CASE_METHOD(at_the_counter, "an API key names who publishes") {
  CHECK(ask("POST /pubsub/topic//plain", "X-API-Key: key-1\r\n", hello).status() == "200");
  CHECK(topic->last().publisher == "till 7");
  CHECK(topic->last().channel == "tills");
}

TEST_CASE_METHOD(at_the_counter, "a channel without security must be named") {
  CHECK(ask("POST /pubsub/topic//orders?channel=open", "", hello).status() == "200");
  CHECK(topic->last().publisher == "http");
  CHECK(topic->last().channel == "open");
  CHECK(ask("POST /pubsub/topic//orders?channel=none", "", hello).status() == "404");
}

TEST_CASE_METHOD(at_the_counter, "credentials that are good for several channels ask for a name") {
  basic("twin", {{"user1", "secret1"}}, "pub=**");
  basic("other", {{"user2", "secret1"}}, "pub=**");
  recatalogue();
  const auto got = ask("POST /pubsub/topic//orders", user1, hello);
  CHECK(got.status() == "400");
  CHECK(has(got.member("details"), "?channel="));
  CHECK(ask("POST /pubsub/topic//orders?channel=twin", user1, hello).status() == "200");
  CHECK(topic->last().channel == "twin");
  for (const auto& note : asked->notes())
    CHECK(!note.starts_with("other"));
}

TEST_CASE_METHOD(at_the_counter, "channels that are inactive or elsewhere do not count") {
  basic("asleep", {{"user3", "secret1"}}, "pub=**").is_active = false;
  basic("afar", {{"user3", "secret1"}}, "pub=**").listener = "another";
  recatalogue();
  constexpr auto user3 = "Authorization: Basic dXNlcjM6c2VjcmV0MQ==\r\n";
  CHECK(ask("POST /pubsub/topic//orders", user3, hello).status() == "401");
  CHECK(ask("POST /pubsub/topic//orders?channel=asleep", user3, hello).status() == "404");
  CHECK(ask("POST /pubsub/topic//orders?channel=afar", user3, hello).status() == "404");
}

TEST_CASE_METHOD(at_the_counter,
                 "only what the channel permits is done, and nothing else is told") {
  for (const auto* path : {"/plain", "/none"})
    CHECK(ask(std::string{"POST /pubsub/topic/"} + path, user1, hello).status() == "403");
  CHECK(ask("POST /pubsub/subscribe/topic//orders?channel=open", "").status() == "403");
  CHECK(ask("PATCH /pubsub/topic//orders?channel=open", "").status() == "403");
  CHECK(ask("POST /pubsub/topic//made/x", user1, hello).status() == "404");
  CHECK(ask("POST /pubsub/topic//orders", user1, hello).status() == "200");
}

TEST_CASE_METHOD(at_the_counter, "a channel that makes topics makes them as they are called") {
  basic("maker", {{"maker", "secret1"}}, "pub=**\nsub=**").create_topics = true;
  recatalogue();
  constexpr auto maker = "Authorization: Basic bWFrZXI6c2VjcmV0MQ==\r\n";
  CHECK(ask("PATCH /pubsub/topic/fresh", maker).status() == "404");
  CHECK(ask("POST /pubsub/subscribe/topic/fresh", maker).member("sub_key") == R"("zpsk.fresh")");
  CHECK(ask("POST /pubsub/topic/fresh", maker, hello).status() == "200");
  CHECK(ask("PATCH /pubsub/topic/fresh", maker).member("meta") == R"({"count":1})");
}

TEST_CASE_METHOD(at_the_counter,
                 "pages of other origins are kept out where a channel lists its own") {
  basic("web", {{"web", "secret1"}}, "pub=**").allowed_origins = {"https://a.b"};
  recatalogue();
  const std::string web = "Authorization: Basic d2ViOnNlY3JldDE=\r\n";
  CHECK(ask("POST /pubsub/topic//orders", web + "Origin: https://c.d\r\n", hello).status()
        == "403");
  CHECK(ask("POST /pubsub/topic//orders", web + "Origin: https://a.b\r\n", hello).status()
        == "200");
}

TEST_CASE_METHOD(at_the_counter, "bodies that are no publication are refused by what is wrong") {
  for (const auto& [body, word] : {std::pair{"", "object"},
                                   {"{\"data\":", "object"},
                                   {"[1]", "object"},
                                   {"{}", "'data'"},
                                   {R"({"data":""})", "'data'"},
                                   {R"({"data":1,"priority":10})", "'priority'"}}) {
    const auto got = ask("POST /pubsub/topic//orders", user1, body);
    CHECK(got.status() == "400");
    CHECK(has(got.member("details"), word));
  }
  const auto large = "{\"data\":\"" + std::string(200'000, 'x') + "\"}";
  CHECK(ask("POST /pubsub/topic//orders", user1, large).status() == "413");
  test::raw_client client{port()};
  client.send(std::string{"POST /pubsub/topic//orders HTTP/1.1\r\nHost: a\r\n"} + user1
              + "Content-Length: 99999999\r\n\r\n");
  const auto declared = read(client);
  CHECK(declared.status() == "413");
  CHECK(declared.member("is_ok") == "false");
}

TEST_CASE_METHOD(at_the_counter, "what a topic refuses is told with its status") {
  const auto refused = [this](caf::error why) {
    {
      const std::lock_guard lock{topic->mutex};
      topic->refusal = std::move(why);
    }
    return ask("POST /pubsub/topic//orders", user1, hello);
  };
  auto got = refused(make_error(errc::unavailable, "The topic is full"));
  CHECK(got.status() == "503");
  CHECK(has(got.head, "\r\nRetry-After: "));
  CHECK(got.member("details") == R"("The topic is full")");
  CHECK(refused(make_error(errc::too_large, "Too much")).status() == "413");
  got = refused(make_error(errc::internal, "a secret of ours"));
  CHECK(got.status() == "500");
  CHECK(!has(got.body, "secret"));
  CHECK(refused(caf::sec::request_receiver_down).status() == "503");
}

TEST_CASE_METHOD(at_the_counter, "other methods and paths are told what there is") {
  const auto got = ask("GET /pubsub/topic//orders", user1);
  CHECK(got.status() == "405");
  CHECK(has(got.head, "\r\nAllow: POST, PATCH\r\n"));
  CHECK(ask("POST /pubsub/other", user1, hello).status() == "404");
  // Not ours at all: as before.
  const auto foreign = ask("GET /pubsub", user1);
  CHECK(foreign.status() == "404");
  CHECK(foreign.body == R"({"error":"Not found"})");
}

TEST_CASE_METHOD(at_the_counter, "a connection serves many requests, and then a WebSocket") {
  test::raw_client client{port()};
  const auto one = text("POST /pubsub/topic//orders", user1, hello);
  client.send(one + one);
  CHECK(read(client).member("msg_id") == R"("zpsm1")");
  CHECK(read(client).member("msg_id") == R"("zpsm2")");
  client.send(one);
  CHECK(read(client).member("msg_id") == R"("zpsm3")");
  client.send(test::upgrade_request("/api"));
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  client.send(test::client_frame(1, "over to you"));
  CHECK(client.read_frame().payload == "over to you");
}

TEST_CASE_METHOD(at_the_counter, "a path of a channel is the channel's, whatever it is") {
  testee.publish({{"default", "/pubsub/topic/mine", {}, channel}});
  settle();
  test::raw_client client{port()};
  client.send(text("POST /pubsub/topic//orders", user1, hello));
  CHECK(read(client).status() == "200");
  client.send(test::upgrade_request("/pubsub/topic/mine"));
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 101 "));
  CHECK(ask("POST /pubsub/topic/mine", user1, hello).status() == "400");
}

TEST_CASE_METHOD(at_the_counter, "a body may come in pieces, behind the header of a proxy") {
  REQUIRE(!testee.open({"proxied", {"127.0.0.1", 0}, std::nullopt, true}));
  basic("behind", {{"user9", "secret1"}}, "pub=**").listener = "proxied";
  recatalogue();
  test::raw_client client{port("proxied")};
  const auto all_of_it =
      "PROXY TCP4 192.0.2.9 127.0.0.1 4000 80\r\n"
      + text("POST /pubsub/topic//orders", "Authorization: Basic dXNlcjk6c2VjcmV0MQ==\r\n", hello);
  for (const char& each : all_of_it)
    client.send({&each, 1});
  CHECK(read(client).status() == "200");
  CHECK(topic->last().channel == "behind");
}

TEST_CASE_METHOD(at_the_counter, "requests come over TLS as well") {
  const test::own_certificate certificate;
  REQUIRE(!testee.open({"safe", {"127.0.0.1", 0}, certificate.files, false}));
  basic("secured", {{"user9", "secret1"}}, "pub=**").listener = "safe";
  recatalogue();
  test::tls_client client{port("safe")};
  const auto one =
      text("POST /pubsub/topic//orders", "Authorization: Basic dXNlcjk6c2VjcmV0MQ==\r\n", hello);
  for (int i = 0; i < 2; ++i) {
    client.send(one);
    const auto head = client.read_head();
    CHECK(head.starts_with("HTTP/1.1 200 "));
    client.read(std::stoul(head.substr(head.find("Content-Length: ") + 16)));
  }
  CHECK(topic->last().channel == "secured");
}

TEST_CASE_METHOD(at_the_counter, "while draining nothing is taken, and connections end") {
  test::raw_client client{port()};
  client.send(text("POST /pubsub/topic//orders", user1, hello));
  CHECK(read(client).status() == "200");
  testee.drain(true);
  client.send(text("POST /pubsub/topic//orders", user1, hello));
  const auto got = read(client);
  CHECK(got.status() == "503");
  CHECK(has(got.head, "\r\nRetry-After: "));
  CHECK(got.member("is_ok") == "false");
  testee.stop_accepting();
  CHECK(client.at_end());
}
