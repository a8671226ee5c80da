#pragma once

#include "net/http_text.hpp"

#include <cstddef>
#include <limits>
#include <memory>

namespace muster {

class corked_stream;
struct http_guest;
class http_session;
class http_sessions;
class tls_context;
struct incoming;

/// Serves HTTP/1.1 on the sockets that listeners hand over. Goes before the loops do.
class http_server {
public:
  struct limits {
    /// More are answered 503.
    std::size_t connections = 1000;
    /// A longer body is answered 413.
    std::size_t body_bytes = 1024 * 1024;
    /// Of all connections together; who sends more is answered 503.
    std::size_t all_body_bytes = std::numeric_limits<std::size_t>::max();
    /// What may wait of a stream before its reader counts as too slow.
    std::size_t stream_bytes = 1024 * 1024;
    duration head_patience = std::chrono::seconds{10};
    duration body_patience = std::chrono::seconds{30};
    duration idle = std::chrono::seconds{60};
  };

  explicit http_server(http_handler handler);
  http_server(http_handler handler, limits bounds, http_refusal refusal = problem_answer);
  ~http_server();
  http_server(const http_server&) = delete;
  http_server& operator=(const http_server&) = delete;

  /// Takes a new connection; `tls` is null on a plain listener. On the loop of the socket.
  void accept(incoming socket, const std::shared_ptr<tls_context>& tls = nullptr);

  /// Takes a connection that somebody else has begun to read, who has put everything back. On the
  /// loop of the stream.
  void adopt(corked_stream stream, http_guest guest);

  /// From now on connections end with the answer that they wait for; idle ones and streams end at
  /// once. Any thread.
  void drain();
  /// Ends all connections. Any thread.
  void close();

  std::size_t connections() const;

private:
  void begin(const std::shared_ptr<http_session>& session);

  std::shared_ptr<http_sessions> service_;
};

} // namespace muster
