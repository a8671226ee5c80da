#include "net/dns_client.hpp"

#include <ares.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/time.h>
#include <unistd.h>

namespace muster {

namespace {

/// So old, a channel that has nothing to do is made anew: the system's servers may have changed.
constexpr duration channel_lives = std::chrono::minutes{1};

struct question {
  bool reverse = false;
  std::string text;
  dns_client::callback done;
};

dns_client::outcome outcome_of(int status) {
  switch (status) {
  case ARES_SUCCESS:
    return dns_client::outcome::found;
  case ARES_ETIMEOUT:
  case ARES_ECONNREFUSED:
  case ARES_ECANCELLED:
  case ARES_EDESTRUCTION:
  case ARES_ENOMEM:
    return dns_client::outcome::timeout;
  default:
    return dns_client::outcome::none;
  }
}

std::string print_address(int family, const void* address) {
  char text[INET6_ADDRSTRLEN] = "";
  inet_ntop(family, address, text, sizeof(text));
  return text;
}

std::vector<std::string> names_in(const hostent* host) {
  std::vector<std::string> names;
  if (host != nullptr && host->h_name != nullptr) {
    names.emplace_back(host->h_name);
    for (auto alias = host->h_aliases; alias != nullptr && *alias != nullptr; ++alias)
      names.emplace_back(*alias);
  }
  return names;
}

std::vector<std::string> addresses_in(const ares_addrinfo* info) {
  std::vector<std::string> addresses;
  for (auto node = info == nullptr ? nullptr : info->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family == AF_INET) {
      sockaddr_in address{};
      std::memcpy(&address, node->ai_addr, sizeof(address));
      addresses.push_back(print_address(AF_INET, &address.sin_addr));
    } else if (node->ai_family == AF_INET6) {
      sockaddr_in6 address{};
      std::memcpy(&address, node->ai_addr, sizeof(address));
      addresses.push_back(print_address(AF_INET6, &address.sin6_addr));
    }
  }
  return addresses;
}

} // namespace

class dns_client::driver {
public:
  explicit driver(settings how)
      : how_{std::move(how)}, wake_{eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)}, thread_{[this] {
          run();
        }} {}

  ~driver() {
    {
      std::lock_guard guard{mutex_};
      stopping_ = true;
    }
    wake();
    thread_.join();
    close(wake_);
  }

  void ask(question what) {
    {
      std::lock_guard guard{mutex_};
      asked_.push_back(std::move(what));
    }
    wake();
  }

private:
  /// A question that c-ares has.
  struct pending {
    driver* owner;
    callback done;
  };

  void wake() {
    std::uint64_t one = 1;
    [[maybe_unused]] auto written = write(wake_, &one, sizeof(one));
  }

  void run() {
    ares_library_init(ARES_LIB_INIT_ALL);
    while (take_questions())
      wait();
    close_channel();
    for (auto& left : asked_)
      left.done(outcome::timeout, {});
    ares_library_cleanup();
  }

  /// False when it is time to stop.
  bool take_questions() {
    std::vector<question> taken;
    {
      std::lock_guard guard{mutex_};
      if (stopping_)
        return false;
      taken.swap(asked_);
    }
    for (auto& each : taken)
      start(std::move(each));
    return true;
  }

  void start(question what) {
    if (!ensure_channel()) {
      what.done(outcome::timeout, {});
      return;
    }
    ++open_questions_;
    auto state = std::make_unique<pending>(pending{this, std::move(what.done)});
    if (!what.reverse) {
      ares_addrinfo_hints hints{};
      hints.ai_family = AF_UNSPEC;
      hints.ai_socktype = SOCK_STREAM;
      hints.ai_flags = ARES_AI_NOSORT;
      ares_getaddrinfo(channel_, what.text.c_str(), nullptr, &hints, on_addresses, state.release());
      return;
    }
    std::array<unsigned char, 16> address{};
    int family = what.text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    if (inet_pton(family, what.text.c_str(), address.data()) != 1)
      finish(state.release(), ARES_ENOTFOUND, {});
    else
      ares_gethostbyaddr(channel_, address.data(), family == AF_INET ? 4 : 16, family, on_names,
                         state.release());
  }

  static void finish(void* raw, int status, std::vector<std::string> found) {
    std::unique_ptr<pending> state{static_cast<pending*>(raw)};
    --state->owner->open_questions_;
    auto what = outcome_of(status);
    if (what == outcome::found && found.empty())
      what = outcome::none;
    state->done(what, std::move(found));
  }

  static void on_names(void* raw, int status, int timeouts, hostent* host) {
    // c-ares says "not found" as well when nobody has answered.
    if (status == ARES_ENOTFOUND && timeouts >= tries * static_cast<pending*>(raw)->owner->servers_)
      status = ARES_ETIMEOUT;
    finish(raw, status, status == ARES_SUCCESS ? names_in(host) : std::vector<std::string>{});
  }

  static void on_addresses(void* raw, int status, int, ares_addrinfo* info) {
    auto found = status == ARES_SUCCESS ? addresses_in(info) : std::vector<std::string>{};
    if (info != nullptr)
      ares_freeaddrinfo(info);
    finish(raw, status, std::move(found));
  }

  bool ensure_channel() {
    auto now = std::chrono::steady_clock::now();
    if (channel_ != nullptr && open_questions_ == 0 && now - made_at_ > channel_lives)
      close_channel();
    if (channel_ == nullptr && open_channel(1)) {
      // Each server is asked twice, the second time for twice as long: all of it within the
      // timeout.
      servers_ = count_servers();
      close_channel();
      open_channel(servers_);
      made_at_ = now;
    }
    return channel_ != nullptr;
  }

  bool open_channel(int servers) {
    ares_options options{};
    auto whole = std::chrono::duration_cast<std::chrono::milliseconds>(how_.timeout).count();
    options.timeout = std::max(1, static_cast<int>(whole) / (3 * servers));
    options.tries = tries;
    options.sock_state_cb = [](void* self, ares_socket_t socket, int readable, int writable) {
      static_cast<driver*>(self)->watch(socket, readable != 0, writable != 0);
    };
    options.sock_state_cb_data = this;
    int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB;
    if (ares_init_options(&channel_, &options, mask) != ARES_SUCCESS)
      channel_ = nullptr;
    else if (!how_.servers.empty()
             && ares_set_servers_ports_csv(channel_, how_.servers.c_str()) != ARES_SUCCESS)
      close_channel();
    return channel_ != nullptr;
  }

  int count_servers() {
    ares_addr_port_node* first = nullptr;
    if (ares_get_servers_ports(channel_, &first) != ARES_SUCCESS)
      return 1;
    int count = 0;
    for (auto node = first; node != nullptr; node = node->next)
      ++count;
    ares_free_data(first);
    return std::max(1, count);
  }

  void close_channel() {
    if (channel_ != nullptr)
      ares_destroy(channel_);
    channel_ = nullptr;
    watched_.clear();
  }

  void watch(int socket, bool readable, bool writable) {
    if (readable || writable)
      watched_[socket] = static_cast<short>((readable ? POLLIN : 0) | (writable ? POLLOUT : 0));
    else
      watched_.erase(socket);
  }

  void wait() {
    std::vector<pollfd> sockets{{wake_, POLLIN, 0}};
    for (auto [socket, events] : watched_)
      sockets.push_back({socket, events, 0});
    poll(sockets.data(), static_cast<nfds_t>(sockets.size()), patience());
    std::uint64_t drained = 0;
    [[maybe_unused]] auto taken = read(wake_, &drained, sizeof(drained));
    if (channel_ == nullptr)
      return;
    for (auto i = sockets.begin() + 1; i != sockets.end(); ++i)
      if (i->revents != 0)
        ares_process_fd(channel_, (i->revents & ~POLLOUT) != 0 ? i->fd : ARES_SOCKET_BAD,
                        (i->revents & POLLOUT) != 0 ? i->fd : ARES_SOCKET_BAD);
    ares_process_fd(channel_, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  }

  /// Milliseconds until c-ares wants to try again; -1: for ever.
  int patience() {
    timeval next{};
    if (channel_ == nullptr || ares_timeout(channel_, nullptr, &next) == nullptr)
      return -1;
    return static_cast<int>(next.tv_sec * 1000 + next.tv_usec / 1000 + 1);
  }

  static constexpr int tries = 2;

  settings how_;
  ares_channel channel_ = nullptr;
  deadline made_at_{};
  int servers_ = 1;
  std::map<int, short> watched_;
  std::size_t open_questions_ = 0;

  std::mutex mutex_;
  std::vector<question> asked_;
  bool stopping_ = false;
  int wake_;
  std::thread thread_;
};

dns_client::dns_client(settings how) : driver_{std::make_unique<driver>(std::move(how))} {}

dns_client::~dns_client() = default;

void dns_client::names_of(const std::string& ip, callback done) {
  driver_->ask({true, ip, std::move(done)});
}

void dns_client::addresses_of(const std::string& host, callback done) {
  driver_->ask({false, host, std::move(done)});
}

} // namespace muster
