#include "tests/server/live_client.hpp"
#include "tests/server/live_server.hpp"

#include "actors/spawn.hpp"
#include "tests/catch.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <thread>

using namespace muster;
using namespace muster::test;
using namespace std::chrono_literals;

namespace {

/// A service with a state of its own that counts, waits or throws, as it is asked.
class moody {
public:
  using handle = service_actor;
  explicit moody(handle::pointer self) : self_{self} {}
  handle::behavior_type start() {
    return {[this](const service_request& request) -> caf::result<service_reply> {
      if (request.payload == "\"throw\"")
        throw std::runtime_error{"moody"};
      if (request.payload != "\"wait\"")
        return service_reply{200, std::to_string(++count_), {}};
      waiting_.push_back(
          self_->make_response_promise<caf::typed_response_promise<service_reply>>());
      return waiting_.back();
    }};
  }
  std::string name = "moody";

private:
  handle::pointer self_;
  int count_ = 0;
  std::vector<caf::typed_response_promise<service_reply>> waiting_;
};

/// Two clients with a session, who must notice nothing of what fails.
class two_clients : public live_server {
public:
  two_clients() : live_server{{make_service<moody>("moody"), make_service<moody>("calm")}} {
    for (auto* client : {&one, &other})
      if (!client->open_session())
        throw std::runtime_error{"no session"};
  }

  /// Calls, renewals, the roll, lists, calls of a client and what is stored: all of it works.
  void check_that_all_works(std::size_t clients = 2) {
    CHECK(until([&] { return ready() == clients; }));
    for (auto* client : {&one, &other}) {
      CHECK(client->call("ping") == "200");
      CHECK(client->open_session());
      CHECK(client->call("echo", "[1]") == "200");
    }
    const auto now = whole->addresses();
    CHECK(ask<connection_page>(now->lister, connection_query{}).total == clients);
    CHECK(call_of(one) == "[2]");
    CHECK(!ask<token_list>(now->accounts, list_tokens{}).items.empty());
    const auto name = "made-" + std::to_string(++made_);
    ask<channel_info>(now->channels,
                      create_channel{R"({"name":")" + name + R"(","path":"/)" + name + "\"}"});
    CHECK(until([&] { return live_client{port, "new", "/" + name}.open_session(); }));
    CHECK(until([&] { return ready() == clients; }));
    CHECK(channel_named("demo").sessions == clients);
    CHECK(goes_on());
  }

  /// What the client answers to a call of an operator's.
  std::string call_of(live_client& client) {
    start_invoke order{entry_of(client.client_id()).row->from->id, "{}", 10s, "test"};
    caf::scoped_actor asker{whole->system()};
    auto reply = asker->request(whole->addresses()->operations, 20s, std::move(order));
    client.answer_call("[2]");
    std::string data;
    reply.receive([&](const invoke_finished& finished) { data = finished.reply.data; },
                  [&](const caf::error& why) { data = detail_of(why); });
    return data;
  }

  live_client one{port, "one"};
  live_client other{port, "other"};

private:
  int made_ = 0;
};

/// Clients that are subscribed to one topic, each in its way, and one who publishes to it.
class three_subscribers : public live_server {
public:
  three_subscribers() {
    ask<topic_info>(whole->addresses()->topics, create_topic{R"({"name":"news"})"});
    if (!publisher.open_session())
      throw std::runtime_error{"no session"};
    subscribe(follows, "{}");
    subscribe(confirms, R"({"ack":"client"})");
    subscribe(lasts, R"({"durable":true})");
    subscribe(both, R"({"durable":true,"ack":"client"})");
  }

  /// The next messages, one after the other. One that is refused is published again.
  void publish(int count) {
    for (int i = 0; i < count; ++i) {
      const auto number = std::to_string(++published_);
      const auto request =
          R"({"topic_name":"news","data":)" + number + R"(,"msg_id":"m)" + number + "\"}";
      CHECK(until([&] { return publisher.call("pubsub.publish", request) == "200"; }));
    }
  }
  /// All clients have got all messages, each once, in order; and nothing else was said to them.
  void check_deliveries() {
    for (auto* client : {&follows, &confirms, &lasts, &both}) {
      auto& got = got_[client];
      while (got.size() < static_cast<std::size_t>(published_) && read_delivery(*client, got)) {
      }
      REQUIRE(got.size() == static_cast<std::size_t>(published_));
      for (int i = 0; i < published_; ++i)
        CHECK(got[static_cast<std::size_t>(i)] == std::to_string(i + 1));
      // What has come too much comes before the answer.
      CHECK(client->call("ping") == "200");
    }
  }
  topic_actor topic() {
    return ask<found_topic>(whole->addresses()->topics, find_topic{"news", 0, false}).actor;
  }
  void fail_topic() {
    const auto before = topic();
    drill_into(before);
    if (!until([&] { return topic() != before; }))
      throw std::runtime_error{"nobody took its place"};
  }

  live_client publisher{port, "publisher"};
  live_client follows{port, "follows"};
  live_client confirms{port, "confirms"};
  live_client lasts{port, "lasts"};
  live_client both{port, "both"};

private:
  void subscribe(live_client& client, const std::string& how) {
    if (!client.open_session()
        || client.call("pubsub.subscribe",
                       R"({"topic_name":"news")" + (how.size() > 2 ? "," + how.substr(1) : "}"))
               != "200")
      throw std::runtime_error{"no subscription"};
  }
  static bool read_delivery(live_client& client, std::vector<std::string>& got) {
    const auto message = client.read();
    if (message.find("zwsx.psrq") == std::string::npos)
      return false;
    const auto data = find_member(message, "data");
    const auto all =
        data.starts_with('[') ? json_elements(data) : std::vector<std::string_view>{data};
    for (const auto each : all)
      got.emplace_back(find_member(each, "data"));
    // Only for some it means something.
    client.answer(message, "null");
    return true;
  }

  int published_ = 0;
  std::map<live_client*, std::vector<std::string>> got_;
};

} // namespace

TEST_CASE_METHOD(two_clients, "a connection that fails takes down itself alone") {
  live_client third{port, "third"};
  REQUIRE(third.open_session());
  drill_into(entry_of("third").connection);
  CHECK(third.read() == "closed 1011 Internal error");
  check_that_all_works();
  live_client again{port, "third"};
  CHECK(again.open_session());
  check_that_all_works(3);
}

TEST_CASE_METHOD(two_clients, "a channel that fails comes back and keeps its clients") {
  fail_channel("demo");
  CHECK(until([&] { return channel_named("demo").sessions == 2; }));
  check_that_all_works();
  // It knows them all: an edit reaches them.
  ask<channel_edited>(whole->addresses()->channels,
                      edit_channel{"demo", R"({"is_active":false})", "*", false});
  for (auto* client : {&one, &other})
    CHECK(client->read().starts_with("closed 4404"));
}

TEST_CASE_METHOD(two_clients, "clients that open sessions while their channel fails get them") {
  std::deque<live_client> many;
  for (int i = 0; i < 200; ++i)
    many.emplace_back(port, "many-" + std::to_string(i));
  for (std::size_t i = 0; i < many.size(); ++i) {
    if (i % 50 == 25)
      drill_into(channel_named("demo").actor);
    many[i].ask_session();
  }
  std::size_t opened = 0;
  for (auto& client : many)
    opened += client.take_token() ? 1 : 0;
  CHECK(opened == many.size());
  CHECK(until([&] { return channel_named("demo").sessions == many.size() + 2; }));
  check_that_all_works(many.size() + 2);
}

TEST_CASE_METHOD(two_clients,
                 "a secret that is being checked when the channel fails is checked again") {
  std::deque<live_client> many;
  for (int i = 0; i < 4; ++i)
    many.emplace_back(port, "safe-" + std::to_string(i), "/safe");
  for (auto& client : many)
    client.ask_session(R"(,"username":"user1","secret":"secret1")");
  drill_into(channel_named("safe").actor);
  for (auto& client : many)
    CHECK(client.take_token());
  CHECK(until([&] { return channel_named("safe").sessions == many.size(); }));
}

TEST_CASE_METHOD(two_clients, "a service that fails answers its calls with 500 and counts anew") {
  CHECK(one.call("moody") == "200");
  live_client third{port, "third"};
  REQUIRE(third.open_session());
  one.ask_service("moody", "\"wait\"");
  other.ask_service("calm", "\"wait\"");
  CHECK(until([&] {
    const auto known = ask<service_list>(whole->addresses()->services, list_services{});
    std::size_t waiting = 0;
    for (const auto& service : known.items)
      if (service.name == "moody" || service.name == "calm")
        waiting += service.in_flight;
    return waiting == 2;
  }));
  CHECK(third.call("moody", "\"throw\"") == "500");
  CHECK(one.take_status() == "500");
  // The other's call is in flight still; its answer is not the next message.
  CHECK(other.call("ping") == "200");
  one.ask_service("moody", "0");
  CHECK(one.read().find("\"data\":1}") != std::string::npos);
  check_that_all_works(3);
}

TEST_CASE_METHOD(two_clients, "a service that fails all the time is nobody else's trouble") {
  for (int i = 0; i < 20; ++i) {
    const auto status = one.call("moody", "\"throw\"");
    CHECK((status == "500" || status == "503"));
    CHECK(other.call("calm") == "200");
  }
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "the registry comes back with everyone on the roll") {
  fail(&house::registry);
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "the lister comes back") {
  fail(&house::lister);
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "the accounts come back") {
  fail(&house::accounts);
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "the operations come back") {
  fail(&house::operations);
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "the store comes back") {
  fail(&house::store);
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "the catalogue comes back with its channels and their clients") {
  // Declared in the file, edited since.
  ask<channel_edited>(whole->addresses()->channels,
                      edit_channel{"demo", R"({"ping_interval":99})", "*", false});
  fail(&house::channels);
  CHECK(until([&] { return whole->channels().size() == 2; }));
  CHECK(until([&] { return channel_named("demo").sessions == 2; }));
  CHECK(channel_named("demo").definition->ping_interval == 99);
  CHECK(channel_named("demo").from_file);
  check_that_all_works();
  ask<channel_edited>(whole->addresses()->channels, edit_channel{"demo", "", "*", false});
  for (auto* client : {&one, &other})
    CHECK(client->read().starts_with("closed 4404"));
}

TEST_CASE_METHOD(two_clients, "all of them may fail one after the other") {
  fail(&house::registry);
  fail(&house::store);
  fail(&house::channels);
  fail_channel("demo");
  check_that_all_works();
}

TEST_CASE_METHOD(two_clients, "a thousand connections survive the registry's failure") {
  std::deque<live_client> many;
  for (int i = 0; i < 1000; ++i) {
    many.emplace_back(port, "many-" + std::to_string(i));
    many.back().ask_session();
  }
  for (auto& client : many)
    REQUIRE(client.take_token());
  const auto before = std::chrono::steady_clock::now();
  fail(&house::registry);
  CHECK(until([&] { return ready() == many.size() + 2; }));
  CHECK(std::chrono::steady_clock::now() - before < 5s);
  for (auto& client : many)
    client.ask_service("ping", "null");
  std::size_t answered = 0;
  for (auto& client : many)
    answered += client.take_status() == "200" ? 1 : 0;
  CHECK(answered == many.size());
  check_that_all_works(many.size() + 2);
}

TEST_CASE_METHOD(two_clients, "sessions are opened while the registry fails") {
  std::deque<live_client> many;
  for (int i = 0; i < 200; ++i)
    many.emplace_back(port, "many-" + std::to_string(i));
  for (std::size_t i = 0; i < many.size(); ++i) {
    if (i % 50 == 25)
      drill_into(whole->addresses()->registry);
    many[i].ask_session();
  }
  std::size_t opened = 0;
  for (auto& client : many)
    opened += client.take_token() ? 1 : 0;
  CHECK(opened == many.size());
  check_that_all_works(many.size() + 2);
}

TEST_CASE_METHOD(two_clients, "who fails more than five times in five seconds stops the server") {
  SECTION("the registry") {
    for (int i = 0; i < 5; ++i)
      fail(&house::registry);
    CHECK(goes_on());
    drill_into(whole->addresses()->registry);
    CHECK(fatal_reason().find("registry failed, after more than five restarts in five seconds")
          != std::string::npos);
  }
  SECTION("a channel") {
    for (int i = 0; i < 5; ++i)
      fail_channel("demo");
    CHECK(goes_on());
    drill_into(channel_named("demo").actor);
    CHECK(fatal_reason().find("channel demo failed more than five times") != std::string::npos);
  }
  // And it can be stopped, whoever is still there.
  whole->stop();
  CHECK(one.read().empty());
}

TEST_CASE_METHOD(two_clients, "a server that stops at once waits for nobody") {
  live_client silent{port, "silent"};
  one.ask_service("moody", "\"wait\"");
  const auto before = std::chrono::steady_clock::now();
  whole->stop();
  CHECK(std::chrono::steady_clock::now() - before < 3s);
  CHECK(silent.read().empty());
}

TEST_CASE_METHOD(two_clients, "a drain tells every client to come again") {
  std::vector<std::string> last_words;
  std::thread reader{[&] {
    for (auto* client : {&one, &other}) {
      last_words.push_back(client->read());
      client->hang_up();
    }
  }};
  whole->drain(200ms);
  reader.join();
  for (const auto& word : last_words)
    CHECK(word.starts_with("closed 1001"));
}

TEST_CASE_METHOD(three_subscribers,
                 "subscribers lose nothing and get nothing twice, whoever fails") {
  publish(20);
  SECTION("their topic") {
    fail_topic();
  }
  SECTION("the directory of topics") {
    fail(&house::topics);
  }
  SECTION("the reader") {
    fail(&house::reader);
  }
  SECTION("the store") {
    fail(&house::store);
  }
  SECTION("the registry, and the channel") {
    fail(&house::registry);
    fail_channel("demo");
  }
  publish(20);
  check_deliveries();
  publish(20);
  check_deliveries();
  CHECK(goes_on());
}

TEST_CASE_METHOD(three_subscribers, "subscribers lose nothing while all fail one after the other") {
  publish(5);
  drill_into(topic());
  publish(5);
  drill_into(whole->addresses()->store);
  publish(5);
  drill_into(whole->addresses()->topics);
  publish(5);
  drill_into(whole->addresses()->reader);
  publish(5);
  check_deliveries();
  CHECK(goes_on());
}

TEST_CASE_METHOD(three_subscribers, "who was away meanwhile finds everything after a failure") {
  publish(10);
  check_deliveries();
  live_client away{port, "away"};
  REQUIRE(away.open_session());
  REQUIRE(away.call("pubsub.subscribe", R"({"topic_name":"news","durable":true})") == "200");
  away.hang_up();
  REQUIRE(until([&] { return ready() == 5; }));
  publish(10);
  fail_topic();
  publish(10);
  fail(&house::topics);
  publish(10);
  live_client again{port, "away"};
  REQUIRE(again.open_session());
  again.ask_service("pubsub.subscribe", R"({"topic_name":"news","durable":true})");
  std::size_t got = 0;
  std::string answers;
  while (got < 30 || answers.empty()) {
    const auto message = again.read();
    if (message.find("zwsx.psrq") == std::string::npos) {
      answers += message;
      REQUIRE(message.find("\"status\":200") != std::string::npos);
      continue;
    }
    const auto data = find_member(message, "data");
    const auto all =
        data.starts_with('[') ? json_elements(data) : std::vector<std::string_view>{data};
    for (const auto each : all)
      CHECK(find_member(each, "data") == std::to_string(10 + ++got));
  }
  CHECK(got == 30);
  CHECK(answers.find("\"current_depth\":30") != std::string::npos);
  check_deliveries();
}

TEST_CASE_METHOD(three_subscribers, "a topic that fails more than five times stops the server") {
  for (int i = 0; i < 5; ++i)
    fail_topic();
  CHECK(goes_on());
  drill_into(topic());
  CHECK(fatal_reason().find("topic news failed, after more than five restarts")
        != std::string::npos);
}
