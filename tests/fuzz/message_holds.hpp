#pragma once

#include "messages/envelope.hpp"
#include "messages/json_scan.hpp"

#include <string>
#include <string_view>

namespace muster::test {

/// What must be true of any bytes that a client may send.
inline bool message_holds(std::string_view text) {
  const auto is_json = !check_json(text);
  // It finds nothing, or a part of the text.
  if (const auto found = find_member(text, "meta");
      !found.empty() && text.find(found) == std::string_view::npos)
    return false;
  client_envelope message;
  envelope_fault fault;
  const auto is_message = parse_envelope(text, message, fault);
  if (is_message != fault.what.empty() || (is_message && !is_json))
    return false;
  if (is_message) {
    const auto answer = unwrap_answer(message.data);
    if (check_json(message.data) || check_json(answer.data))
      return false;
  }
  // Whatever came in, what goes out is JSON, and texts survive the way there and back.
  if (check_json(answer_error("id", {}, text, 400, fault.what)))
    return false;
  static_cast<void>(parse_labels(text));
  std::string back;
  const auto json = quoted(text);
  return !check_json(json) && json_string(json, back) && quoted(back) == json;
}

} // namespace muster::test
