#include "net/http.hpp"

namespace muster {

std::string_view http_request::header(std::string_view name) const {
  for (auto& [key, value] : headers)
    if (key == name)
      return value;
  return {};
}

} // namespace muster
