#include "net/http_server.hpp"

#include "net/http_session.hpp"
#include "net/listener.hpp"

namespace muster {

bool http_sessions::add(const std::shared_ptr<http_session>& session) {
  std::lock_guard guard{mutex_};
  if (draining_ || sessions_.size() >= bounds.connections)
    return false;
  sessions_.insert(session);
  return true;
}

void http_sessions::remove(const std::shared_ptr<http_session>& session) {
  std::lock_guard guard{mutex_};
  sessions_.erase(session);
}

void http_sessions::drain() {
  std::lock_guard guard{mutex_};
  draining_ = true;
  for (auto& session : sessions_)
    session->where().post([session] { session->drain(); });
}

void http_sessions::close() {
  std::set<std::shared_ptr<http_session>> left;
  {
    std::lock_guard guard{mutex_};
    draining_ = true;
    left.swap(sessions_);
  }
  for (auto& session : left)
    session->where().post([session] { session->shut(); });
}

bool http_sessions::claim(std::size_t bytes) {
  if (body_bytes_.fetch_add(bytes) + bytes <= bounds.all_body_bytes)
    return true;
  release(bytes);
  return false;
}

std::size_t http_sessions::size() const {
  std::lock_guard guard{mutex_};
  return sessions_.size();
}

http_server::http_server(http_handler handler) : http_server{std::move(handler), limits{}} {}

http_server::http_server(http_handler handler, limits bounds, http_refusal refusal)
    : service_{std::make_shared<http_sessions>(std::move(handler), bounds, refusal)} {}

http_server::~http_server() {
  close();
}

void http_server::close() {
  service_->close();
}

void http_server::accept(incoming socket, const std::shared_ptr<tls_context>& tls) {
  corked_stream stream{std::move(socket.socket), socket.where, tls ? tls->accept() : nullptr};
  begin(std::make_shared<http_session>(std::move(stream), http_guest{std::move(socket.remote)},
                                       tls != nullptr, service_));
}

void http_server::adopt(corked_stream stream, http_guest guest) {
  const bool secure = !stream.tls().empty();
  begin(std::make_shared<http_session>(std::move(stream), std::move(guest), secure, service_));
}

void http_server::begin(const std::shared_ptr<http_session>& session) {
  if (service_->add(session))
    session->start();
  else
    session->turn_away();
}

void http_server::drain() {
  service_->drain();
}

std::size_t http_server::connections() const {
  return service_->size();
}

} // namespace muster
