#pragma once

#include "messages/errc.hpp"
#include "messages/time.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace muster {

/// An HTTP request of ours to somebody's server.
struct outgoing_request {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  duration timeout{};
};

struct outgoing_response {
  std::uint16_t status = 0;
  std::string content_type;
  std::string body;
};

/// Calls HTTP servers over a pool of connections; implemented by net/. Any thread. `done` is called
/// exactly once, on a loop's thread, with the response, or bad_gateway, timed_out or unavailable
/// (too many are waiting).
class http_caller {
public:
  using callback = std::function<void(caf::error, outgoing_response)>;
  virtual ~http_caller() = default;
  virtual void call(outgoing_request request, callback done) = 0;
};

/// Finds names for addresses, with a cache; implemented by net/. Any thread. `done` is called
/// exactly once, on a loop's thread or at once from the cache.
class reverse_dns {
public:
  enum class outcome : std::uint8_t { ok, none, timeout };
  using callback = std::function<void(outcome, std::string name)>;
  virtual ~reverse_dns() = default;
  virtual void look_up(const std::string& ip, callback done) = 0;
};

} // namespace muster
