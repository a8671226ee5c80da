#include "net/http_server.hpp"

#include "net/listener.hpp"
#include "net/loops.hpp"
#include "net/workers.hpp"
#include "tests/catch.hpp"

#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <condition_variable>
#include <future>
#include <stdexcept>

#include <sys/socket.h>
#include <sys/time.h>

using namespace muster;
using namespace std::chrono_literals;
using boost::asio::ip::tcp;

namespace {

/// Something that happens on another thread.
class event {
public:
  void happen() {
    std::lock_guard guard{mutex_};
    happened_ = true;
    changed_.notify_all();
  }
  bool wait() {
    std::unique_lock guard{mutex_};
    return changed_.wait_for(guard, 10s, [this] { return happened_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool happened_ = false;
};

/// A client that says exactly what it is told to.
class raw_client {
public:
  explicit raw_client(std::uint16_t port) {
    socket_.connect({boost::asio::ip::address_v4::loopback(), port});
    timeval patience{10, 0};
    setsockopt(socket_.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  }
  void say(std::string_view text) {
    boost::asio::write(socket_, boost::asio::buffer(text), failure_);
  }
  /// The head of the next answer.
  std::string head() { return until("\r\n\r\n"); }
  std::string until(std::string_view mark) {
    while (text_.find(mark) == text_.npos)
      if (!more())
        return std::exchange(text_, {});
    return take(text_.find(mark) + mark.size());
  }
  /// The next answer, head and body by its Content-Length.
  std::string answer() {
    auto all = head();
    auto at = all.find("Content-Length: ");
    auto size = at == all.npos ? 0 : std::stoul(all.substr(at + 16));
    while (text_.size() < size && more()) {
    }
    return all + take(size);
  }
  /// Everything until the server ends the connection.
  std::string rest() {
    while (more()) {
    }
    return std::exchange(text_, {});
  }
  void half_close() { socket_.shutdown(tcp::socket::shutdown_send); }
  void reset() {
    socket_.set_option(boost::asio::socket_base::linger{true, 0});
    socket_.close();
  }
  void close() { socket_.close(); }
  tcp::socket& socket() { return socket_; }

private:
  bool more() {
    char bytes[65536];
    auto got = recv(socket_.native_handle(), bytes, sizeof(bytes), 0);
    if (got > 0)
      text_.append(bytes, static_cast<std::size_t>(got));
    return got > 0;
  }
  std::string take(std::size_t size) {
    auto first = text_.substr(0, size);
    text_.erase(0, size);
    return first;
  }

  boost::asio::io_context io_;
  tcp::socket socket_{io_};
  boost::system::error_code failure_;
  std::string text_;
};

/// A server on loops of its own, with handlers by path.
class a_server {
public:
  explicit a_server(http_server::limits bounds = {}) {
    all.attach(config);
    system.emplace(config);
    server.emplace(
        [this](http_request request, std::shared_ptr<http_exchange> exchange) {
          handle(std::move(request), std::move(exchange));
        },
        bounds);
    auto bound = listener::bind(all, {"127.0.0.1", 0});
    REQUIRE(bound);
    door = *bound;
    door->start([this](incoming socket) { server->accept(std::move(socket)); });
  }
  ~a_server() {
    door->stop();
    on_loop([] {});
    server.reset();
    on_loop([this] { kept.clear(); });
    system.reset();
  }

  raw_client connect() { return raw_client{door->address().port}; }
  /// Runs it on the only loop and waits for it.
  void on_loop(std::function<void()> what) {
    auto ran = std::make_shared<std::promise<void>>();
    all[0].post([what, ran] {
      what();
      ran->set_value();
    });
    REQUIRE(ran->get_future().wait_for(10s) == std::future_status::ready);
  }

  event gone;
  event asked;
  /// Requests to `/kept` wait here.
  std::vector<std::shared_ptr<http_exchange>> kept;
  int writes = 0;

private:
  void handle(http_request request, std::shared_ptr<http_exchange> exchange) {
    if (request.path == "/throw")
      throw std::runtime_error{"as was asked for"};
    if (request.path == "/forget")
      return;
    if (request.path == "/kept") {
      exchange->on_gone([this] { gone.happen(); });
      kept.push_back(exchange);
      asked.happen();
      return;
    }
    if (request.path == "/stream") {
      exchange->begin_stream({200, {{"Content-Type", "text/plain"}}, "first,"});
      CHECK(exchange->write("second,"));
      CHECK(exchange->write("third"));
      exchange->end_stream();
      return;
    }
    if (request.path == "/endless") {
      exchange->on_gone([this] { gone.happen(); });
      exchange->begin_stream({200, {}, ""});
      while (exchange->write(std::string(65536, 'x')))
        ++writes;
      asked.happen();
      return;
    }
    if (request.path == "/open") {
      exchange->on_gone([this] { gone.happen(); });
      exchange->begin_stream({200, {}, "begun"});
      kept.push_back(exchange);
      return;
    }
    if (request.path == "/large")
      return exchange->respond({200, {}, std::string(4'000'000, 'x')});
    exchange->respond({200,
                       {{"X-Evil", "a\r\nb: c"}},
                       request.method + " " + request.path + "?" + request.query + " "
                           + std::string{request.header("x-test")} + request.body});
  }

public:
  workers helpers{1};
  loops all{1, helpers};
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
  std::optional<http_server> server;
  std::shared_ptr<listener> door;
};

std::string get(std::string_view path, std::string_view more = "") {
  return "GET " + std::string{path} + " HTTP/1.1\r\nHost: a\r\n" + std::string{more} + "\r\n";
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != text.npos;
}

} // namespace

TEST_CASE("requests are answered one after the other on a connection") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/a?b=c", "X-Test: t\r\n"));
  auto first = client.answer();
  CHECK(first.starts_with("HTTP/1.1 200 OK\r\n"));
  CHECK(has(first, "\r\nDate: "));
  CHECK(has(first, "\r\nX-Evil: a  b: c\r\n"));
  CHECK_FALSE(has(first, "\r\nConnection:"));
  CHECK(first.ends_with("\r\n\r\nGET /a?b=c t"));
  client.say("POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello");
  CHECK(client.answer().ends_with("POST /p? hello"));
  CHECK(testee.server->connections() == 1);
}

TEST_CASE("pipelined requests are answered in order") {
  a_server testee;
  auto client = testee.connect();
  std::string all;
  for (int i = 0; i < 500; ++i)
    all += get("/" + std::to_string(i));
  client.say(all + get("/last", "Connection: close\r\n"));
  bool in_order = true;
  for (int i = 0; i < 500; ++i)
    in_order = in_order && client.answer().ends_with("GET /" + std::to_string(i) + "? ");
  CHECK(in_order);
  auto last = client.rest();
  CHECK(has(last, "\r\nConnection: close\r\n"));
  CHECK(last.ends_with("GET /last? "));
}

TEST_CASE("a pipelined request waits for the answer to the one before") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/kept") + get("/next"));
  REQUIRE(testee.asked.wait());
  testee.on_loop([&] { testee.kept.front()->respond({201, {}, "now"}); });
  CHECK(client.answer().ends_with("now"));
  CHECK(client.answer().ends_with("GET /next? "));
}

TEST_CASE("chunked bodies are put together") {
  a_server testee;
  auto client = testee.connect();
  std::string request = "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3;x=y\r\nabc\r\n00a\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n";
  for (auto& byte : request)
    client.say({&byte, 1});
  CHECK(client.answer().ends_with("POST /c? abc0123456789"));
  client.say(request + request);
  CHECK(client.answer().ends_with("abc0123456789"));
  CHECK(client.answer().ends_with("abc0123456789"));
}

TEST_CASE("malformed requests are refused and the connection ends") {
  a_server testee;
  for (std::string request :
       {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n",
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n"}) {
    auto client = testee.connect();
    client.say(request);
    auto answer = client.rest();
    CHECK(answer.starts_with("HTTP/1.1 400 "));
    CHECK(has(answer, "application/problem+json"));
    CHECK(has(answer, R"("code":"bad_request")"));
  }
}

TEST_CASE("what is too large is refused") {
  http_server::limits bounds;
  bounds.body_bytes = 10;
  a_server testee{bounds};
  auto declared = testee.connect();
  declared.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
  CHECK(declared.rest().starts_with("HTTP/1.1 413 "));
  auto chunked = testee.connect();
  chunked.say("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
              "6\r\nabcdef\r\n5\r\nabcde\r\n0\r\n\r\n");
  CHECK(chunked.rest().starts_with("HTTP/1.1 413 "));
  auto head = testee.connect();
  head.say("GET /" + std::string(17000, 'x'));
  CHECK(head.rest().starts_with("HTTP/1.1 431 "));
  auto fits = testee.connect();
  fits.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
  CHECK(fits.answer().ends_with("0123456789"));
}

TEST_CASE("the bodies of all connections together have a bound") {
  http_server::limits bounds;
  bounds.all_body_bytes = 10;
  a_server testee{bounds};
  const std::string post = "POST /kept HTTP/1.1\r\nHost: a\r\nContent-Length: ";
  auto first = testee.connect();
  first.say(post + "8\r\n\r\n01234567");
  REQUIRE(testee.asked.wait());
  for (const auto* body : {"3\r\n\r\n012", "4\r\n\r\n012"}) {
    auto second = testee.connect();
    second.say(post + body);
    CHECK(second.rest().starts_with("HTTP/1.1 503 "));
  }
  auto fits = testee.connect();
  fits.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n01");
  CHECK(fits.answer().ends_with("01"));
  // What was answered makes room.
  testee.on_loop([&] { testee.kept.front()->respond({200, {}, "done"}); });
  CHECK(first.answer().ends_with("done"));
  fits.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n0123456789");
  CHECK(fits.answer().ends_with("0123456789"));
}

TEST_CASE("who expects to be told to go on is told") {
  a_server testee;
  auto client = testee.connect();
  client.say("POST /e HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.head() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.say("ab");
  CHECK(client.answer().ends_with("POST /e? ab"));
  client.say(get("/", "Expect: miracles\r\n"));
  CHECK(client.rest().starts_with("HTTP/1.1 417 "));
}

TEST_CASE("HEAD gets the head alone") {
  a_server testee;
  auto client = testee.connect();
  client.say("HEAD /h HTTP/1.1\r\nHost: a\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: a\r\n\r\n"
             + get("/x"));
  CHECK(has(client.head(), "\r\nContent-Length: 9\r\n"));
  CHECK(has(client.head(), "\r\nTransfer-Encoding: chunked\r\n"));
  CHECK(client.answer().ends_with("GET /x? "));
}

TEST_CASE("streams are chunked, and for HTTP/1.0 end with the connection") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/stream") + get("/x"));
  auto head = client.head();
  CHECK(has(head, "\r\nTransfer-Encoding: chunked\r\n"));
  CHECK_FALSE(has(head, "Content-Length"));
  CHECK(client.until("0\r\n\r\n") == "6\r\nfirst,\r\n7\r\nsecond,\r\n5\r\nthird\r\n0\r\n\r\n");
  CHECK(client.answer().ends_with("GET /x? "));
  auto old = testee.connect();
  old.say("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto answer = old.rest();
  CHECK(has(answer, "\r\nConnection: close\r\n"));
  CHECK(answer.ends_with("\r\n\r\nfirst,second,third"));
}

TEST_CASE("a stream whose reader is too slow is ended") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/endless"));
  CHECK(testee.asked.wait());
  CHECK(testee.gone.wait());
  testee.on_loop([] {});
  CHECK(testee.writes < 100);
  CHECK_FALSE(has(client.rest(), "0\r\n\r\n"));
}

TEST_CASE("a large answer arrives whole") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/large") + get("/large") + get("/x"));
  CHECK(client.answer().size() > 4'000'000);
  CHECK(client.answer().size() > 4'000'000);
  CHECK(client.answer().ends_with("GET /x? "));
}

TEST_CASE("a handler that throws or forgets is a fault of ours, and the connection stays") {
  a_server testee;
  auto client = testee.connect();
  for (auto path : {"/throw", "/forget"}) {
    client.say(get(path));
    auto answer = client.answer();
    CHECK(answer.starts_with("HTTP/1.1 500 "));
    CHECK(has(answer, R"("code":"internal")"));
  }
  client.say(get("/x"));
  CHECK(client.answer().ends_with("GET /x? "));
}

TEST_CASE("a peer that goes away while it waits is noticed") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/kept"));
  REQUIRE(testee.asked.wait());
  SECTION("orderly") {
    client.close();
  }
  SECTION("by a reset") {
    client.reset();
  }
  CHECK(testee.gone.wait());
  testee.on_loop([&] { testee.kept.front()->respond({200, {}, "nobody reads this"}); });
}

TEST_CASE("a peer that goes away during a stream is noticed") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/open"));
  client.until("begun\r\n");
  client.close();
  CHECK(testee.gone.wait());
  testee.on_loop([&] { CHECK_FALSE(testee.kept.front()->write("more")); });
}

TEST_CASE("a client that ends its own side still gets its answer") {
  a_server testee;
  auto client = testee.connect();
  client.say(get("/a") + get("/b"));
  client.half_close();
  CHECK(client.answer().ends_with("GET /a? "));
  CHECK(client.rest().ends_with("GET /b? "));
}

TEST_CASE("slow heads, slow bodies and idle connections are ended in time") {
  http_server::limits bounds;
  bounds.head_patience = 100ms;
  bounds.body_patience = 100ms;
  bounds.idle = 100ms;
  a_server testee{bounds};
  auto head = testee.connect();
  head.say("GET / HT");
  CHECK(head.rest().starts_with("HTTP/1.1 408 "));
  auto body = testee.connect();
  body.say("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc");
  CHECK(body.rest().starts_with("HTTP/1.1 408 "));
  auto silent = testee.connect();
  CHECK(silent.rest().empty());
  auto idle = testee.connect();
  idle.say(get("/x"));
  CHECK(idle.rest().ends_with("GET /x? "));
}

TEST_CASE("too many connections are turned away") {
  http_server::limits bounds;
  bounds.connections = 2;
  a_server testee{bounds};
  auto first = testee.connect();
  auto second = testee.connect();
  for (auto client : {&first, &second}) {
    client->say(get("/x"));
    CHECK(client->answer().ends_with("GET /x? "));
  }
  auto third = testee.connect();
  CHECK(third.rest().starts_with("HTTP/1.1 503 "));
}

TEST_CASE("draining ends idle connections and streams, and lets answers through") {
  a_server testee;
  auto idle = testee.connect();
  idle.say(get("/x"));
  idle.answer();
  auto stream = testee.connect();
  stream.say(get("/open"));
  stream.until("begun\r\n");
  auto waiting = testee.connect();
  waiting.say(get("/kept"));
  REQUIRE(testee.asked.wait());
  testee.server->drain();
  CHECK(idle.rest().empty());
  CHECK(stream.rest().empty());
  testee.on_loop([&] { testee.kept.back()->respond({200, {}, "done"}); });
  auto answer = waiting.rest();
  CHECK(has(answer, "\r\nConnection: close\r\n"));
  CHECK(answer.ends_with("done"));
  CHECK(testee.server->connections() == 0);
}
