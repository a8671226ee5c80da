#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/listener.hpp"
#include "net/loops.hpp"
#include "net/tls.hpp"
#include "net/workers.hpp"
#include "tests/catch.hpp"
#include "tests/net/own_certificate.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include <future>

using namespace muster;
using namespace std::chrono_literals;

namespace {

/// A server for HTTPS and a client of it on the same loop.
class an_https_server {
public:
  an_https_server() {
    all.attach(config);
    system.emplace(config);
    auto context = tls_context::serve(certificate.files);
    REQUIRE(context);
    server.emplace([](http_request request, std::shared_ptr<http_exchange> exchange) {
      exchange->respond({200, {}, (request.secure ? "secure " : "plain ") + request.body});
    });
    auto bound = listener::bind(all, {"127.0.0.1", 0});
    REQUIRE(bound);
    door = *bound;
    door->start([this, tls = *context](incoming in) { server->accept(std::move(in), tls); });
  }
  ~an_https_server() {
    door->stop();
    server.reset();
    system.reset();
  }

  std::pair<caf::error, outgoing_response> call(std::string authorities, const std::string& host,
                                                const std::string& body) {
    http_client::limits bounds;
    bounds.extra_certificates = std::move(authorities);
    http_client client{all[0].io(), bounds};
    auto result = std::make_shared<std::promise<std::pair<caf::error, outgoing_response>>>();
    auto found = result->get_future();
    outgoing_request request;
    request.url = "https://" + host + ":" + std::to_string(door->address().port) + "/";
    request.body = body;
    request.timeout = 10s;
    client.call(std::move(request), [result](caf::error error, outgoing_response response) {
      result->set_value({std::move(error), std::move(response)});
    });
    REQUIRE(found.wait_for(15s) == std::future_status::ready);
    return found.get();
  }

  test::own_certificate certificate;
  workers helpers{1};
  loops all{1, helpers};
  caf::actor_system_config config;
  std::optional<caf::actor_system> system;
  std::optional<http_server> server;
  std::shared_ptr<listener> door;
};

} // namespace

TEST_CASE_METHOD(an_https_server, "requests and answers go over TLS") {
  auto [error, response] = call(certificate.files.certificate, "localhost", "hello");
  CHECK_FALSE(error);
  CHECK(response.body == "secure hello");
  auto large = std::string(900'000, 'x');
  CHECK(call(certificate.files.certificate, "localhost", large).second.body == "secure " + large);
}

TEST_CASE_METHOD(an_https_server, "a server that cannot prove who it is is not called") {
  CHECK(code_of(call("", "localhost", "x").first) == errc::bad_gateway);
  CHECK(code_of(call(certificate.files.certificate, "127.0.0.1", "x").first) == errc::bad_gateway);
}
