#pragma once

#include "admin/route.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace muster {

/// What a request was found to be for.
struct route_match {
  /// Null when nothing is there, or not with this method.
  const admin_route* found = nullptr;
  /// The path's parameters, decoded.
  std::map<std::string, std::string, std::less<>> parameters;
  /// The methods that the path has; none: there is no such path.
  std::vector<std::string> allowed;
  /// The path has a broken escape.
  bool broken = false;
};

/// A segment of a route's path: something literal, or a parameter with a literal behind it, which
/// may be empty. A tail is all segments from there on, and may be none.
struct route_segment {
  std::string parameter;
  std::string literal;
  bool is_tail = false;
};

/// Finds the route of a request. Immutable, safe on any thread.
class router {
public:
  explicit router(std::vector<admin_route> routes);

  /// HEAD finds what GET finds.
  route_match find(std::string_view method, std::string_view path) const;
  const std::vector<admin_route>& routes() const { return routes_; }

private:
  std::vector<admin_route> routes_;
  /// Of each route, the segments of its path.
  std::vector<std::vector<route_segment>> segments_;
};

} // namespace muster
