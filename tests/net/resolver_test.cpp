#include "net/resolver.hpp"

#include "tests/catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <optional>

using namespace muster;
using namespace std::chrono_literals;
using boost::asio::ip::udp;

namespace {

/// A name server that never answers, and the loop that the test turns.
struct a_silent_name_server {
  boost::asio::io_context io;
  udp::socket silence{io, {boost::asio::ip::address_v4::loopback(), 0}};

  resolver::limits bounds(duration timeout) {
    resolver::limits result;
    result.timeout = timeout;
    result.servers = "127.0.0.1:" + std::to_string(silence.local_endpoint().port());
    return result;
  }
  template <class Condition>
  void run_until(Condition met) {
    auto end = std::chrono::steady_clock::now() + 30s;
    while (!met() && std::chrono::steady_clock::now() < end) {
      io.restart();
      io.run_one_for(100ms);
    }
    CHECK(met());
  }
};

} // namespace

TEST_CASE_METHOD(a_silent_name_server, "this machine has a name or none, which is kept") {
  resolver testee{io, bounds(2s)};
  std::optional<reverse_dns::outcome> first;
  std::string first_name;
  testee.look_up("127.0.0.1", [&](auto what, auto name) {
    first = what;
    first_name = name;
  });
  run_until([&] { return first.has_value(); });
  CHECK((*first == reverse_dns::outcome::ok) == !first_name.empty());
  std::optional<reverse_dns::outcome> second;
  std::string second_name;
  testee.look_up("127.0.0.1", [&](auto what, auto name) {
    second = what;
    second_name = name;
  });
  CHECK(second == first);
  CHECK(second_name == first_name);
}

TEST_CASE_METHOD(a_silent_name_server, "what is no address has no name") {
  resolver testee{io, bounds(2s)};
  std::optional<reverse_dns::outcome> found;
  testee.look_up("nonsense", [&](auto what, auto) { found = what; });
  run_until([&] { return found.has_value(); });
  CHECK(found == reverse_dns::outcome::none);
}

TEST_CASE_METHOD(a_silent_name_server, "silence ends with a timeout, in time") {
  resolver testee{io, bounds(300ms)};
  auto begin = std::chrono::steady_clock::now();
  std::optional<reverse_dns::outcome> found;
  testee.look_up("192.0.2.1", [&](auto what, auto) { found = what; });
  run_until([&] { return found.has_value(); });
  CHECK(found == reverse_dns::outcome::timeout);
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE_METHOD(a_silent_name_server, "thousands of questions nobody answers stay bounded") {
  resolver testee{io, bounds(500ms)};
  constexpr int questions = 12000;
  int answers = 0;
  int timeouts = 0;
  for (int i = 0; i < questions; ++i)
    testee.look_up("198.18." + std::to_string(i / 250) + '.' + std::to_string(i % 250),
                   [&](auto what, auto) {
                     ++answers;
                     timeouts += what == reverse_dns::outcome::timeout;
                   });
  // Those beyond the queue were answered at once.
  CHECK(answers == questions - 10000 - 64);
  run_until([&] { return answers == questions; });
  CHECK(timeouts == questions);
}

TEST_CASE_METHOD(a_silent_name_server, "questions about one address are asked once") {
  auto limits = bounds(300ms);
  limits.in_flight = 1;
  resolver testee{io, limits};
  int answers = 0;
  for (int i = 0; i < 100; ++i)
    testee.look_up("192.0.2.1", [&](auto, auto) { ++answers; });
  run_until([&] { return answers == 100; });
  testee.look_up("192.0.2.1", [&](auto what, auto) {
    CHECK(what == reverse_dns::outcome::timeout);
    ++answers;
  });
  CHECK(answers == 101);
}

TEST_CASE_METHOD(a_silent_name_server, "the cache is bounded") {
  auto limits = bounds(300ms);
  limits.cached = 1;
  resolver testee{io, limits};
  int answers = 0;
  auto ask = [&](const char* ip) {
    auto before = answers;
    testee.look_up(ip, [&](auto, auto) { ++answers; });
    bool at_once = answers > before;
    run_until([&] { return answers > before; });
    return at_once;
  };
  CHECK_FALSE(ask("nonsense"));
  CHECK(ask("nonsense"));
  CHECK_FALSE(ask("rubbish"));
  CHECK_FALSE(ask("nonsense"));
}

TEST_CASE_METHOD(a_silent_name_server, "the end of the resolver answers what is open") {
  std::optional<resolver> testee{std::in_place, io, bounds(20s)};
  int answers = 0;
  for (auto ip : {"192.0.2.1", "192.0.2.2"})
    testee->look_up(ip, [&](auto what, auto) { answers += what == reverse_dns::outcome::timeout; });
  testee.reset();
  run_until([&] { return answers == 2; });
}
