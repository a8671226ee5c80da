#pragma once

#include "actors/doors.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace muster {

/// The routes of one moment; immutable. Paths are found as they stand, byte for byte.
class route_table {
public:
  route_table() = default;
  explicit route_table(std::vector<route> routes);

  /// Null when there is no such channel.
  const route* find(std::string_view listener, std::string_view path) const;

private:
  std::unordered_map<std::string, route> routes_;
};

/// Whether a browser's page of this origin may connect; a request without one is no browser's.
bool allows_origin(const std::vector<std::string>& allowed, std::string_view origin);

} // namespace muster
