#include "net/route_table.hpp"

#include <algorithm>
#include <utility>

namespace muster {

namespace {

// No listener's name has a line feed in it.
std::string key_of(std::string_view listener, std::string_view path) {
  std::string key{listener};
  return key.append(1, '\n').append(path);
}

} // namespace

route_table::route_table(std::vector<route> routes) {
  for (auto& each : routes) {
    auto key = key_of(each.listener, each.path);
    routes_.insert_or_assign(std::move(key), std::move(each));
  }
}

const route* route_table::find(std::string_view listener, std::string_view path) const {
  const auto found = routes_.find(key_of(listener, path));
  return found == routes_.end() ? nullptr : &found->second;
}

bool allows_origin(const std::vector<std::string>& allowed, std::string_view origin) {
  return allowed.empty() || origin.empty()
         || std::find(allowed.begin(), allowed.end(), origin) != allowed.end();
}

} // namespace muster
