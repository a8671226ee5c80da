#include "messages/operation.hpp"

namespace muster {

std::string_view to_string(operation_verb verb) {
  switch (verb) {
  case operation_verb::invoke:
    return "invoke";
  case operation_verb::close:
    return "close";
  case operation_verb::broadcast:
    break;
  }
  return "broadcast";
}

std::string_view to_string(operation_state state) {
  switch (state) {
  case operation_state::running:
    return "running";
  case operation_state::done:
    return "done";
  case operation_state::cancelled:
    break;
  }
  return "cancelled";
}

} // namespace muster
