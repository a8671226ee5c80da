#pragma once

#include "net/listen.hpp"
#include "net/loops.hpp"
#include "net/tls.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <caf/expected.hpp>

#include <functional>
#include <memory>

namespace muster {

/// A socket that has come in; handed over on the thread of its loop.
struct incoming {
  boost::asio::ip::tcp::socket socket;
  endpoint local;
  endpoint remote;
  loop& where;
};

/// Accepts connections on one address and spreads them over the loops.
class listener : public std::enable_shared_from_this<listener> {
public:
  using callback = std::function<void(incoming)>;

  /// Binds; accepts from `start` on. Port 0 is any free one.
  static caf::expected<std::shared_ptr<listener>> bind(loops& all, const endpoint& address);
  /// For bind.
  listener(loops& all, loop& where);
  ~listener();

  void start(callback on_incoming);
  /// Closes the socket; nothing is handed over any more when this has taken effect. Any thread.
  void stop();
  const endpoint& address() const { return address_; }

private:
  caf::error open(const endpoint& address);
  void wait();
  void accept_some();
  void hand_over(int descriptor);
  void pause();

  loops& all_;
  loop& loop_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer retry_;
  endpoint address_;
  callback on_incoming_;
  std::shared_ptr<std::atomic<bool>> stopped_;
};

/// An address as Asio has it; IPv4 in IPv6's clothes becomes IPv4.
endpoint to_endpoint(const boost::asio::ip::tcp::endpoint& address);

} // namespace muster
