#include "messages/selector_parser.hpp"

// What a value of each type looks like, and what is said of one that does not.

namespace muster {

bool selector_parser::literal(std::string& out) {
  if (here().what != kind::text) {
    fail(here(), "a text in double quotes");
    return false;
  }
  out = tokens_[at_++].value;
  return true;
}

template <class Parse, class Value>
bool selector_parser::bare(Parse parse, bool may_be_quoted, Value& out, const char* expected) {
  const auto& token = here();
  if (token.what == kind::word || (may_be_quoted && token.what == kind::text)) {
    if (auto value = parse(token.value)) {
      out = *value;
      ++at_;
      return true;
    }
  }
  fail(token, expected);
  return false;
}

bool selector_parser::literal(number& out) {
  return bare(parse_number, false, out, "a number, or a size such as 10KB or 1MiB");
}

bool selector_parser::literal(timestamp& out) {
  return bare(parse_rfc3339, true, out, "a time such as 2026-11-23T18:00:00Z");
}

bool selector_parser::literal(std::chrono::nanoseconds& out) {
  return bare(parse_duration, false, out, "a duration such as 500ms, 10m or 1h30m");
}

bool selector_parser::literal(ip_address& out) {
  return bare(ip_address::parse, true, out, "an IP address such as 10.0.0.1");
}

bool selector_parser::literal(ip_network& out) {
  return bare(ip_network::parse, true, out, "an IP address, or a network such as 10.0.0.0/8");
}

} // namespace muster
