#pragma once

#include "actors/interfaces.hpp"
#include "actors/outside.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>

namespace muster {

/// Whether a service is named by an HTTP URL.
bool is_url(std::string_view service);

/// What is wrong with an URL that a service is to be called at, as bad_request.
caf::error check_url(std::string_view url);

/// `text` as the value of an HTTP header: without control characters, and with what is not ASCII,
/// and the percent sign, percent-encoded.
std::string header_value(std::string_view text);

/// What a client is told of an answer over HTTP.
service_reply reply_for(const outgoing_response& response);

/// A loop -> HTTP service: the answer to its call is there.
struct http_answered {
  static constexpr auto type = "http_answered";
  std::uint64_t key = 0;
  caf::error error;
  outgoing_response response;
};

/// A service that is an HTTP server's: each request is one POST.
class http_service {
public:
  using handle = service_actor::extend<caf::reacts_to<http_answered>>;
  static constexpr bool never_blocks = true;
  explicit http_service(handle::pointer self) : self_{self} {}
  handle::behavior_type start(std::string url, http_caller* http);

  /// So many calls are on their way at a time, and so many wait behind them; more are refused.
  static constexpr std::size_t max_in_flight = 64;
  static constexpr std::size_t max_waiting = 256;

  std::string name = "HTTP service";

private:
  using promise = caf::typed_response_promise<service_reply>;
  struct waiting_call {
    service_request request;
    promise answer;
  };

  promise take(service_request& request);
  void call(service_request request, promise answer);
  void settle(http_answered& result);
  void call_next();

  handle::pointer self_;
  std::string url_;
  http_caller* http_ = nullptr;
  std::unordered_map<std::uint64_t, promise> calls_;
  std::deque<waiting_call> waiting_;
  std::uint64_t last_ = 0;
};

} // namespace muster
