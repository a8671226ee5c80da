#pragma once

#include "actors/outside.hpp"

#include <deque>
#include <utility>

namespace muster::test {

/// Keeps the requests that were made; each is answered when the test says so.
class fake_http_caller final : public http_caller {
public:
  struct made_call {
    outgoing_request request;
    callback done;
  };

  void call(outgoing_request request, callback done) override {
    calls.push_back({std::move(request), std::move(done)});
  }

  /// Answers the oldest request.
  void answer(std::uint16_t status, std::string body) {
    auto oldest = std::move(calls.front());
    calls.pop_front();
    oldest.done({}, {status, "application/json", std::move(body)});
  }
  void fail(errc why) {
    auto oldest = std::move(calls.front());
    calls.pop_front();
    oldest.done(make_error(why), {});
  }

  std::deque<made_call> calls;
};

} // namespace muster::test
