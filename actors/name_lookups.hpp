#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace muster {

/// Which addresses' names are being looked up, and for which connections: each address once at a
/// time, a few at once, the others in line.
class name_lookups {
public:
  static constexpr std::size_t max_in_flight = 256;
  /// Addresses in flight and in line.
  static constexpr std::size_t max_addresses = 65536;

  /// `start` begins the look-up of an address; it may be over at once.
  explicit name_lookups(std::function<void(const std::string& ip)> start)
      : start_{std::move(start)} {}

  /// Notes that a connection waits for the name of `ip`; false when too many addresses wait.
  bool add(const std::string& ip, std::string connection_id);
  /// The look-up is over: the ids of those who waited. Begins the next ones.
  std::vector<std::string> take(const std::string& ip);

  std::size_t size() const { return waiting_.size(); }

private:
  void begin_next();

  std::function<void(const std::string&)> start_;
  std::unordered_map<std::string, std::vector<std::string>> waiting_;
  std::deque<std::string> line_;
  std::size_t in_flight_ = 0;
};

} // namespace muster
