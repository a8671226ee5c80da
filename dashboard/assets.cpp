#include "dashboard/assets.hpp"

#include <algorithm>

namespace muster {

const asset* find_asset(std::string_view path) {
  const auto all = dashboard_assets();
  const auto found =
      std::find_if(all.begin(), all.end(), [path](const asset& each) { return each.path == path; });
  return found == all.end() ? nullptr : &*found;
}

} // namespace muster
