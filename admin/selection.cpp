#include "admin/selection.hpp"

#include "messages/json_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace muster {

namespace {

constexpr double usual_timeout = 5;
constexpr double shortest_timeout = 0.001;
constexpr double longest_timeout = 3600;

bool may_be_sent(std::uint64_t code) {
  return code == close_code::normal || code == close_code::going_away
         || (code >= 4000 && code <= 4999);
}

bool is_url(std::string_view text) {
  constexpr std::array<std::string_view, 4> schemes{"ws://", "wss://", "http://", "https://"};
  return std::any_of(schemes.begin(), schemes.end(), [&](std::string_view scheme) {
    return text.size() > scheme.size() && text.compare(0, scheme.size(), scheme) == 0;
  });
}

std::optional<double> read_number(std::string_view json) {
  double value = 0;
  const auto result = std::from_chars(json.data(), json.data() + json.size(), value);
  if (result.ec != std::errc{} || result.ptr != json.data() + json.size())
    return std::nullopt;
  return value;
}

/// Reads `retry` into the advice; false when it is wrong.
bool read_retry(std::string_view json, close_advice& advice) {
  if (json == "null") {
    advice.never = true;
    return true;
  }
  const auto parts = json_elements(json);
  if (parts.size() != 2)
    return false;
  const auto least = read_number(parts[0]);
  const auto most = read_number(parts[1]);
  if (!least || !most || *least < 0 || *most < *least)
    return false;
  advice.retry.emplace(*least, *most);
  return true;
}

/// The Close reason that the body asks for: text, or advice as JSON.
std::optional<std::string> read_reason(admin_call& call) {
  const auto& body = call.body();
  auto why = body.text("reason").value_or("");
  if (!body.has("retry") && !body.has("to"))
    return why;
  close_advice advice;
  advice.to = body.text("to").value_or("");
  advice.why = std::move(why);
  if (body.has("to") && !is_url(advice.to)) {
    call.fail(bad_field("to", "\"to\" must be a URL"));
    return std::nullopt;
  }
  if (body.has("retry") && !read_retry(body.raw("retry"), advice)) {
    call.fail(bad_field("retry", "\"retry\" must be null or the least and the most seconds"));
    return std::nullopt;
  }
  return to_reason(advice);
}

} // namespace

std::optional<selector> read_selector(admin_call& call, const std::string& text) {
  selector out;
  selector_fault fault;
  if (selector::parse(text, out, fault))
    return out;
  call.fail({errc::bad_request,
             "The selector is wrong at column " + std::to_string(fault.column) + ": expected "
                 + fault.expected,
             "selector", fault.column});
  return std::nullopt;
}

std::optional<close_order> read_close_order(admin_call& call) {
  const auto code = call.body().integer("code").value_or(close_code::by_administrator);
  if (!may_be_sent(code)) {
    call.fail(bad_field("code", "\"code\" must be 1000, 1001, or from 4000 to 4999"));
    return std::nullopt;
  }
  auto reason = read_reason(call);
  if (!reason)
    return std::nullopt;
  if (reason->size() > max_close_reason) {
    call.fail(bad_field("reason", "The Close reason would be " + std::to_string(reason->size())
                                      + " bytes, of which 123 fit"));
    return std::nullopt;
  }
  return close_order{static_cast<std::uint16_t>(code), std::move(*reason), call.caller().name};
}

std::vector<body_field> close_fields() {
  return {{"code", json_kind::integer, false,
           "The Close code: 1000, 1001, 4000-4999; 4005 if left out."},
          {"reason", json_kind::text, false, "What the client is told."},
          {"retry", json_kind::array_or_null, false,
           "When to come back: the least and the most seconds; null: never."},
          {"to", json_kind::text, false, "The URL where to come back."}};
}

std::optional<duration> read_timeout(admin_call& call) {
  const auto span = call.body().number("timeout").value_or(usual_timeout);
  if (span >= shortest_timeout && span <= longest_timeout)
    return to_duration(span);
  call.fail(bad_field("timeout", "\"timeout\" must be from 0.001 to 3600 seconds"));
  return std::nullopt;
}

body_field timeout_field() {
  return {"timeout", json_kind::number, false, "Seconds to wait for the answer; 5 if left out."};
}

} // namespace muster
