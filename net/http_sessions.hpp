#pragma once

#include "net/http_server.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <set>

namespace muster {

class http_session;

/// What the sessions of one HTTP server share. Any thread.
class http_sessions {
public:
  http_sessions(http_handler h, http_server::limits b, http_refusal r)
      : handler{std::move(h)}, bounds{b}, refusal{r} {}

  const http_handler handler;
  const http_server::limits bounds;
  const http_refusal refusal;

  /// False when there are too many.
  bool add(const std::shared_ptr<http_session>& session);
  void remove(const std::shared_ptr<http_session>& session);
  bool draining() const { return draining_.load(std::memory_order_relaxed); }
  void drain();
  /// Ends all sessions, as soon as their loops come to it.
  void close();
  std::size_t size() const;
  /// Room for bytes of a body; false when the bodies of all sessions have too many.
  bool claim(std::size_t bytes);
  void release(std::size_t bytes) { body_bytes_.fetch_sub(bytes); }

private:
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> body_bytes_{0};
  mutable std::mutex mutex_;
  std::set<std::shared_ptr<http_session>> sessions_;
};

} // namespace muster
