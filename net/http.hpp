#pragma once

#include "actors/desk.hpp"
#include "messages/connection.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace muster {

using http_headers = std::vector<std::pair<std::string, std::string>>;

/// A request, whole.
struct http_request {
  std::string method;
  /// As it stands in the request line, percent-encoded.
  std::string path;
  /// Behind the `?`, as it stands; empty when there is none.
  std::string query;
  /// Names in lower case, in the order in which they came.
  http_headers headers;
  std::string body;
  endpoint remote;
  bool secure = false;
  /// By name, where it is a listener for WebSockets.
  std::string listener;

  /// The first header of that name (in lower case); empty when there is none.
  std::string_view header(std::string_view name) const;
};

struct http_response {
  std::uint16_t status = 200;
  /// Without Content-Length, Date and Connection, which the server adds.
  http_headers headers;
  std::string body;
};

/// One request that waits for its answer. Used on its loop's thread only; may be kept as long as
/// the answer takes.
class http_exchange {
public:
  virtual ~http_exchange() = default;
  /// Answers, once. Nothing happens when the peer is gone.
  virtual void respond(http_response response) = 0;
  /// Answers with a body that is not over yet (chunked); `response.body` is its beginning.
  virtual void begin_stream(http_response response) = 0;
  /// More of the body. False when the peer is gone, or reads so slowly that over 1 MiB waits: then
  /// the stream is ended by the server.
  virtual bool write(std::string_view chunk) = 0;
  virtual void end_stream() = 0;
  /// Bytes of the answer that the kernel has not taken yet: the peer reads slowly.
  virtual std::size_t unsent() const = 0;
  /// Called once when the peer goes away before the answer is complete.
  virtual void on_gone(std::function<void()> gone) = 0;
  virtual home& loop() = 0;
  virtual muster::desk& desk() = 0;
};

/// Answers HTTP requests; called on the loop of the request's socket.
using http_handler = std::function<void(http_request, std::shared_ptr<http_exchange>)>;

/// Makes the answer to a request that no handler sees.
using http_refusal = http_response (*)(std::uint16_t status, std::string_view detail);

} // namespace muster
