#include "messages/invoke.hpp"

#include <utility>

namespace muster {

service_reply refuse(std::uint16_t status, std::string error_message) {
  return {status, "null", std::move(error_message)};
}

std::string_view to_string(invoke_outcome outcome) {
  switch (outcome) {
  case invoke_outcome::ok:
    return "ok";
  case invoke_outcome::error:
    return "error";
  case invoke_outcome::timeout:
    return "timeout";
  case invoke_outcome::late:
    return "late";
  case invoke_outcome::closed:
    return "closed";
  case invoke_outcome::refused:
    return "refused";
  case invoke_outcome::cancelled:
    break;
  }
  return "cancelled";
}

} // namespace muster
