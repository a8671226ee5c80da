#include "messages/close_code.hpp"

#include "messages/json_scan.hpp"

#include <caf/make_message.hpp>

#include <array>
#include <charconv>

namespace muster {

namespace {

void append_number(std::string& out, double value) {
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

void append_member(std::string& out, std::string_view key, std::string_view text) {
  if (text.empty())
    return;
  if (out.size() > 1)
    out += ',';
  append_json_string(out, key);
  out += ':';
  append_json_string(out, text);
}

bool is_continuation(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

} // namespace

std::string_view to_string(close_outcome outcome) {
  switch (outcome) {
  case close_outcome::echoed:
    return "echoed";
  case close_outcome::no_echo:
    return "no_echo";
  case close_outcome::reset:
    return "reset";
  case close_outcome::gone:
    break;
  }
  return "gone";
}

std::string to_reason(const close_advice& advice) {
  std::string out = "{";
  if (advice.never) {
    out += R"("retry":null)";
  } else if (advice.retry) {
    out += R"("retry":[)";
    append_number(out, advice.retry->first);
    out += ',';
    append_number(out, advice.retry->second);
    out += ']';
  }
  append_member(out, "to", advice.to);
  append_member(out, "why", advice.why);
  out += '}';
  return out;
}

std::string fit_reason(std::string_view text) {
  if (text.size() <= max_close_reason)
    return std::string{text};
  auto length = max_close_reason;
  while (length > 0 && is_continuation(text[length]))
    --length;
  return std::string{text.substr(0, length)};
}

caf::error to_exit_reason(const close_order& order) {
  auto error = make_error(errc::close);
  return {error.code(), error.category(), caf::make_message(order.code, order.reason, order.by)};
}

std::optional<close_order> close_order_of(const caf::error& reason) {
  if (!reason || reason != make_error(errc::close))
    return std::nullopt;
  const auto& context = reason.context();
  if (!context.match_elements<std::uint16_t, std::string, std::string>())
    return std::nullopt;
  return close_order{context.get_as<std::uint16_t>(0), context.get_as<std::string>(1),
                     context.get_as<std::string>(2)};
}

} // namespace muster
