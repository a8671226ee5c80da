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
  http_sessions(http_handler h, http_server::limits b) : handler{std::move(h)}, bounds{b} {}

  const http_handler handler;
  const http_server::limits bounds;

  /// False when there are too many.
  bool add(const std::shared_ptr<http_session>& session);
  void remove(const std::shared_ptr<http_session>& session);
  bool draining() const { return draining_.load(std::memory_order_relaxed); }
  void drain();
  /// Ends all sessions, as soon as their loops come to it.
  void close();
  std::size_t size() const;

private:
  std::atomic<bool> draining_{false};
  mutable std::mutex mutex_;
  std::set<std::shared_ptr<http_session>> sessions_;
};

} // namespace muster
