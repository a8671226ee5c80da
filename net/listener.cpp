#include "net/listener.hpp"

#include "messages/errc.hpp"
#include "messages/metrics.hpp"

#include <boost/asio/ip/address.hpp>
#include <spdlog/spdlog.h>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace muster {

namespace {

using boost::asio::ip::tcp;
using error_code = boost::system::error_code;

/// So that a crowd at the door does not keep those waiting who are in.
constexpr int accepts_a_turn = 64;
constexpr auto pause_when_out_of_descriptors = std::chrono::milliseconds{200};

caf::error failure_of(const endpoint& address, const error_code& why) {
  return make_error(errc::unavailable,
                    "cannot listen on " + to_string(address) + ": " + why.message());
}

/// The socket may come from the accepting thread and is given to the loop that it will live on.
void bring_in(int descriptor, loop& where, const listener::callback& on_incoming) {
  error_code failure;
  sockaddr_storage family{};
  socklen_t size = sizeof family;
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&family), &size);
  tcp::socket socket{where.io()};
  socket.assign(family.ss_family == AF_INET6 ? tcp::v6() : tcp::v4(), descriptor, failure);
  if (failure) {
    ::close(descriptor);
    return;
  }
  socket.set_option(tcp::no_delay{true}, failure);
  const auto local = socket.local_endpoint(failure);
  const auto remote = socket.remote_endpoint(failure);
  // A peer that has gone already has no address.
  if (!failure)
    on_incoming({std::move(socket), to_endpoint(local), to_endpoint(remote), where});
}

} // namespace

endpoint to_endpoint(const tcp::endpoint& address) {
  auto ip = address.address();
  if (ip.is_v6() && ip.to_v6().is_v4_mapped())
    ip = boost::asio::ip::make_address_v4(boost::asio::ip::v4_mapped, ip.to_v6());
  return {ip.to_string(), address.port()};
}

listener::listener(loops& all, loop& where)
    : all_{all}, loop_{where}, acceptor_{where.io()}, retry_{where.io()},
      stopped_{std::make_shared<std::atomic<bool>>(false)} {}

listener::~listener() = default;

caf::expected<std::shared_ptr<listener>> listener::bind(loops& all, const endpoint& address) {
  auto made = std::make_shared<listener>(all, all.next());
  if (auto failure = made->open(address))
    return failure;
  return made;
}

caf::error listener::open(const endpoint& address) {
  error_code failure;
  const auto ip = boost::asio::ip::make_address(address.ip, failure);
  if (failure)
    return make_error(errc::bad_request, '"' + address.ip + "\" is not an IP address");
  const tcp::endpoint wanted{ip, address.port};
  acceptor_.open(wanted.protocol(), failure);
  if (!failure)
    acceptor_.set_option(tcp::acceptor::reuse_address{true}, failure);
  if (!failure)
    acceptor_.bind(wanted, failure);
  if (!failure)
    acceptor_.listen(4096, failure);
  if (!failure)
    acceptor_.non_blocking(true, failure);
  if (!failure)
    address_ = {address.ip, acceptor_.local_endpoint(failure).port()};
  return failure ? failure_of(address, failure) : caf::error{};
}

void listener::start(callback on_incoming) {
  on_incoming_ = std::move(on_incoming);
  loop_.post([self = shared_from_this()] { self->wait(); });
}

void listener::stop() {
  stopped_->store(true);
  loop_.post([self = shared_from_this()] {
    error_code ignored;
    self->acceptor_.close(ignored);
    self->retry_.cancel();
  });
}

void listener::wait() {
  if (*stopped_)
    return;
  acceptor_.async_wait(tcp::acceptor::wait_read,
                       [self = shared_from_this()](const error_code& failure) {
                         if (!failure)
                           self->accept_some();
                       });
}

void listener::accept_some() {
  for (int i = 0; i < accepts_a_turn && !*stopped_; ++i) {
    const int descriptor =
        ::accept4(acceptor_.native_handle(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor >= 0) {
      count(counters().sockets_accepted);
      hand_over(descriptor);
    } else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
      spdlog::error("cannot accept on {}: {}", to_string(address_), std::strerror(errno));
      pause();
      return;
    } else if (errno != ECONNABORTED && errno != EINTR) {
      break;
    }
  }
  wait();
}

void listener::hand_over(int descriptor) {
  // Closed if the loop ends before it comes to that.
  struct carrier {
    int descriptor = -1;
    ~carrier() {
      if (descriptor >= 0)
        ::close(descriptor);
    }
  };
  auto carried = std::make_shared<carrier>();
  carried->descriptor = descriptor;
  auto& where = all_.next();
  where.post([carried, &where, stopped = stopped_, on_incoming = on_incoming_] {
    if (!*stopped)
      bring_in(std::exchange(carried->descriptor, -1), where, on_incoming);
  });
}

// Somebody must go before anyone can come in; trying again at once would only burn the processor.
void listener::pause() {
  retry_.expires_after(pause_when_out_of_descriptors);
  retry_.async_wait([self = shared_from_this()](const error_code& failure) {
    if (!failure)
      self->wait();
  });
}

} // namespace muster
