#include "actors/name_lookups.hpp"

#include <utility>

namespace muster {

bool name_lookups::add(const std::string& ip, std::string connection_id) {
  const auto known = waiting_.find(ip);
  if (known != waiting_.end()) {
    known->second.push_back(std::move(connection_id));
    return true;
  }
  if (waiting_.size() >= max_addresses)
    return false;
  waiting_[ip].push_back(std::move(connection_id));
  line_.push_back(ip);
  begin_next();
  return true;
}

std::vector<std::string> name_lookups::take(const std::string& ip) {
  auto node = waiting_.extract(ip);
  if (!node)
    return {};
  --in_flight_;
  begin_next();
  return std::move(node.mapped());
}

void name_lookups::begin_next() {
  while (in_flight_ < max_in_flight && !line_.empty()) {
    const auto ip = std::move(line_.front());
    line_.pop_front();
    ++in_flight_;
    start_(ip);
  }
}

} // namespace muster
