#include "messages/account.hpp"

namespace muster {

std::string_view to_string(role value) {
  switch (value) {
  case role::viewer:
    return "viewer";
  case role::operator_:
    return "operator";
  case role::admin:
    break;
  }
  return "admin";
}

std::optional<role> parse_role(std::string_view text) {
  for (const auto value : {role::viewer, role::operator_, role::admin})
    if (text == to_string(value))
      return value;
  return std::nullopt;
}

} // namespace muster
