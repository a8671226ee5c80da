#pragma once

#include "messages/time.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace muster {

/// Asks the hosts file and name servers (c-ares), on a thread of its own, so that nothing here ever
/// holds up a loop. Any thread; callbacks come on its own thread, exactly once, and must be short.
class dns_client {
public:
  struct settings {
    /// For one question, all servers and attempts together.
    duration timeout = std::chrono::seconds{5};
    /// `ip:port` with commas between; empty: the system's.
    std::string servers;
  };
  enum class outcome : std::uint8_t {
    found,
    /// There is no such name, or the server does not say.
    none,
    /// No answer in time, or nobody to ask.
    timeout
  };
  using callback = std::function<void(outcome, std::vector<std::string>)>;

  explicit dns_client(settings how);
  /// Questions that are open end with `timeout`.
  ~dns_client();
  dns_client(const dns_client&) = delete;
  dns_client& operator=(const dns_client&) = delete;

  /// The names of an address, the first one is the canonical one.
  void names_of(const std::string& ip, callback done);
  /// The addresses of a name, as text.
  void addresses_of(const std::string& host, callback done);

private:
  class driver;
  std::unique_ptr<driver> driver_;
};

} // namespace muster
