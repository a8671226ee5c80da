#include "net/http_client.hpp"

#include "net/url.hpp"
#include "tests/catch.hpp"
#include "tests/net/scripted_server.hpp"

using namespace muster;
using namespace std::chrono_literals;
using test::scripted_server;

namespace {

struct answer {
  bool there = false;
  caf::error error;
  outgoing_response response;
};

/// A client whose loop is turned by the test.
struct a_client {
  boost::asio::io_context io;
  std::optional<http_client> client;

  explicit a_client(http_client::limits bounds = {}) { client.emplace(io, std::move(bounds)); }
  ~a_client() {
    client.reset();
    io.restart();
    io.run_for(5s);
  }

  std::shared_ptr<answer> call(std::string url, duration timeout = 10s, std::string body = "{}") {
    auto result = std::make_shared<answer>();
    outgoing_request request;
    request.url = std::move(url);
    request.body = std::move(body);
    request.timeout = timeout;
    request.headers = {{"X-Test", "a\r\nb"}, {"Content-Type", "application/json"}};
    client->call(std::move(request), [result](caf::error error, outgoing_response response) {
      CHECK_FALSE(result->there);
      *result = {true, std::move(error), std::move(response)};
    });
    return result;
  }
  template <class Condition>
  void run_until(Condition met) {
    auto end = std::chrono::steady_clock::now() + 20s;
    while (!met() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(100ms);
    }
    CHECK(met());
  }
  std::shared_ptr<answer> finish(std::shared_ptr<answer> which) {
    run_until([&] { return which->there; });
    return which;
  }
};

std::string ok(std::string_view body, std::string_view more = "") {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n" + std::string{more} + "\r\n" + std::string{body};
}

void answer_all(scripted_server::socket& on, int) {
  for (int i = 1; !scripted_server::read_request(on).empty(); ++i)
    scripted_server::send(on, ok("answer " + std::to_string(i)));
}

} // namespace

TEST_CASE("a URL is taken apart") {
  auto plain = parse_http_url("HTTP://Example.org:8080/a/b?c=d#e");
  REQUIRE(plain);
  CHECK_FALSE(plain->secure);
  CHECK(plain->host == "example.org");
  CHECK(plain->port == 8080);
  CHECK(plain->target == "/a/b?c=d");
  CHECK(plain->authority() == "example.org:8080");
  auto six = parse_http_url("https://[2001:db8::1]?x");
  REQUIRE(six);
  CHECK(six->secure);
  CHECK(six->host == "2001:db8::1");
  CHECK(six->port == 443);
  CHECK(six->target == "/?x");
  CHECK(six->origin() == "https://[2001:db8::1]");
  for (auto bad : {"", "ftp://a", "http://", "http:///x", "http://u:p@h/", "http://h:0/",
                   "http://h:99999/", "http://h:8x/", "http://h/a b", "http://h/\r\nX: y",
                   "http://[::1/", "//h/", "http://h\xc3\xa4/"})
    CHECK_FALSE(parse_http_url(bad));
}

TEST_CASE("calls one after the other share a connection") {
  std::string seen;
  scripted_server server{[&](auto& on, int) {
    for (int i = 1;; ++i) {
      auto request = scripted_server::read_request(on);
      if (request.empty())
        return;
      if (i == 1)
        seen = request;
      scripted_server::send(on, ok("answer " + std::to_string(i)));
    }
  }};
  a_client testee;
  auto first = testee.finish(testee.call(server.url("/x?y")));
  CHECK(first->response.status == 200);
  CHECK(first->response.body == "answer 1");
  CHECK(first->response.content_type == "text/plain");
  CHECK(seen.starts_with("POST /x?y HTTP/1.1\r\nHost: 127.0.0.1:"));
  CHECK(seen.find("\r\nX-Test: a  b\r\n") != seen.npos);
  CHECK(seen.ends_with("\r\n\r\n{}"));
  CHECK(testee.finish(testee.call(server.url()))->response.body == "answer 2");
  CHECK(server.connections() == 1);
}

TEST_CASE("names are found in the hosts file") {
  scripted_server server{answer_all};
  a_client testee;
  auto reply =
      testee.finish(testee.call("http://localhost:" + std::to_string(server.port()) + "/"));
  CHECK(reply->response.body == "answer 1");
}

TEST_CASE("errors of the server are answers like others") {
  scripted_server server{[](auto& on, int) {
    scripted_server::read_request(on);
    scripted_server::send(on, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 503 Busy\r\n"
                              "Transfer-Encoding: chunked\r\n\r\n3\r\nbus\r\n1\r\ny\r\n0\r\n\r\n");
    scripted_server::wait_for_end(on);
  }};
  a_client testee;
  auto reply = testee.finish(testee.call(server.url()));
  CHECK_FALSE(reply->error);
  CHECK(reply->response.status == 503);
  CHECK(reply->response.body == "busy");
}

TEST_CASE("a server that hangs is given up on time") {
  scripted_server server{[](auto& on, int) { scripted_server::wait_for_end(on); }};
  a_client testee;
  auto reply = testee.finish(testee.call(server.url(), 50ms));
  CHECK(code_of(reply->error) == errc::timed_out);
}

TEST_CASE("garbage, an early end, too much and nobody at all are a bad gateway") {
  scripted_server garbage{[](auto& on, int) {
    scripted_server::read_request(on);
    scripted_server::send(on, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
  }};
  scripted_server impostor{[](auto& on, int) {
    scripted_server::send(on, "SSH-2.0-OpenSSH_9.2\r\n\r\n");
    scripted_server::wait_for_end(on);
  }};
  scripted_server early{[](auto& on, int) {
    scripted_server::read_request(on);
    scripted_server::send(on, "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
  }};
  scripted_server silent{[](auto& on, int) { scripted_server::read_request(on); }};
  scripted_server large{[](auto& on, int) {
    scripted_server::read_request(on);
    scripted_server::send(on, ok(std::string(2000, 'x')));
  }};
  std::uint16_t free_port = 0;
  {
    scripted_server gone{answer_all};
    free_port = gone.port();
  }
  http_client::limits bounds;
  bounds.answer_bytes = 1000;
  a_client testee{bounds};
  for (auto url : {garbage.url(), early.url(), silent.url(), large.url(),
                   "http://127.0.0.1:" + std::to_string(free_port), std::string{"gopher://x/"},
                   "https://127.0.0.1:" + std::to_string(impostor.port())}) {
    auto reply = testee.finish(testee.call(url));
    CHECK(code_of(reply->error) == errc::bad_gateway);
  }
  CHECK(silent.connections() == 1);
}

TEST_CASE("a kept connection that has gone stale is replaced, once") {
  scripted_server server{[](auto& on, int) {
    scripted_server::read_request(on);
    scripted_server::send(on, ok("one"));
    // The next request on this connection gets no answer.
    scripted_server::read_request(on);
  }};
  a_client testee;
  CHECK(testee.finish(testee.call(server.url()))->response.body == "one");
  CHECK(testee.finish(testee.call(server.url()))->response.body == "one");
  CHECK(server.connections() == 2);
}

TEST_CASE("a connection that the server closes is not kept") {
  scripted_server server{[](auto& on, int) {
    scripted_server::read_request(on);
    scripted_server::send(on, ok("one", "Connection: close\r\n"));
    scripted_server::wait_for_end(on);
  }};
  a_client testee;
  CHECK(testee.finish(testee.call(server.url()))->response.body == "one");
  CHECK(testee.finish(testee.call(server.url()))->response.body == "one");
  CHECK(server.connections() == 2);
}

TEST_CASE("many calls at once are bounded in connections and in number") {
  std::atomic<int> working{0};
  std::atomic<int> most{0};
  scripted_server server{[&](auto& on, int) {
    while (!scripted_server::read_request(on).empty()) {
      auto now = ++working;
      for (auto seen = most.load(); seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      --working;
      scripted_server::send(on, ok("x"));
    }
  }};
  http_client::limits bounds;
  bounds.connections_per_origin = 4;
  bounds.waiting_per_origin = 20;
  a_client testee{bounds};
  std::vector<std::shared_ptr<answer>> answers;
  for (int i = 0; i < 30; ++i)
    answers.push_back(testee.call(server.url()));
  for (auto& each : answers)
    testee.finish(each);
  auto refused = std::count_if(answers.begin(), answers.end(), [](auto& each) {
    return each->error && code_of(each->error) == errc::unavailable;
  });
  auto fine = std::count_if(answers.begin(), answers.end(),
                            [](auto& each) { return each->response.status == 200; });
  CHECK(refused == 6);
  CHECK(fine == 24);
  CHECK(most <= 4);
  CHECK(server.connections() <= 4);
}

TEST_CASE("calls that wait for a connection time out too") {
  scripted_server server{[](auto& on, int) { scripted_server::wait_for_end(on); }};
  http_client::limits bounds;
  bounds.connections_per_origin = 1;
  a_client testee{bounds};
  auto first = testee.call(server.url(), 100ms);
  auto second = testee.call(server.url(), 100ms);
  CHECK(code_of(testee.finish(first)->error) == errc::timed_out);
  CHECK(code_of(testee.finish(second)->error) == errc::timed_out);
}

TEST_CASE("the end of the client answers what is open") {
  scripted_server server{[](auto& on, int) { scripted_server::wait_for_end(on); }};
  a_client testee;
  auto open = testee.call(server.url());
  testee.run_until([&] { return server.connections() == 1; });
  testee.client.reset();
  CHECK(code_of(testee.finish(open)->error) == errc::unavailable);
}
