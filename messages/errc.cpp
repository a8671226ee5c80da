#include "messages/errc.hpp"

#include <caf/exit_reason.hpp>
#include <caf/sec.hpp>

#include <algorithm>
#include <array>

namespace muster {

namespace {

constexpr auto category = caf::atom("muster");

/// A sentence and a field.
bool blames_a_field(const caf::message& context) {
  return context.match_elements<std::string, std::string>();
}

constexpr std::array rows{
    errc_info{errc::bad_request, "bad_request", 400, "The request is malformed"},
    errc_info{errc::unauthorized, "unauthorized", 401, "Credentials are missing or wrong"},
    errc_info{errc::forbidden, "forbidden", 403, "This is not allowed"},
    errc_info{errc::not_found, "not_found", 404, "There is no such thing"},
    errc_info{errc::conflict, "conflict", 409, "It contradicts what is there"},
    errc_info{errc::precondition_failed, "precondition_failed", 412, "It has changed meanwhile"},
    errc_info{errc::too_large, "too_large", 413, "It is too large"},
    errc_info{errc::too_many_requests, "too_many_requests", 429, "Too many requests"},
    errc_info{errc::method_not_allowed, "method_not_allowed", 405,
              "The method is not allowed here"},
    errc_info{errc::unsupported_media_type, "unsupported_media_type", 415,
              "The content type is not supported"},
    errc_info{errc::unprocessable, "unprocessable", 422, "The content cannot be processed"},
    errc_info{errc::too_many_matches, "too_many_matches", 409,
              "More connections match than allowed"},
    errc_info{errc::cursor_expired, "cursor_expired", 400, "The cursor has expired"},
    errc_info{errc::internal, "internal", 500, "Internal server error"},
    errc_info{errc::bad_gateway, "bad_gateway", 502, "The service behind the server failed"},
    errc_info{errc::unavailable, "unavailable", 503, "It cannot be done now, try again"},
    errc_info{errc::timed_out, "timed_out", 504, "There was no answer in time"},
    errc_info{errc::connection_closed, "connection_closed", 409, "The connection was closed"},
    errc_info{errc::no_session, "no_session", 409, "The connection has no session"},
    errc_info{errc::cancelled, "cancelled", 409, "It was cancelled"},
    errc_info{errc::channel_inactive, "channel_inactive", 404, "The channel is not active"},
    errc_info{errc::draining, "draining", 503, "The server is draining"},
    errc_info{errc::close, "close", 500, "The connection is to be closed"},
};

constexpr bool by_number(const errc_info& a, const errc_info& b) {
  return a.code < b.code;
}
static_assert(std::is_sorted(rows.begin(), rows.end(), by_number), "describe() searches by number");

constexpr auto find_row(errc code) {
  return std::lower_bound(rows.begin(), rows.end(), code,
                          [](const errc_info& row, errc value) { return row.code < value; });
}

} // namespace

const errc_info& describe(errc code) {
  const auto row = find_row(code);
  return row != rows.end() && row->code == code ? *row : *find_row(errc::internal);
}

std::string to_string(errc code) {
  return std::string{describe(code).name};
}

std::string render_error(std::uint8_t code, caf::atom_value, const caf::message& context) {
  auto text = to_string(static_cast<errc>(code));
  if (!context.empty())
    text += caf::to_string(context);
  return text;
}

caf::error make_error(errc code, std::string detail) {
  return {static_cast<std::uint8_t>(code), category, caf::make_message(std::move(detail))};
}

caf::error make_error(errc code, std::string detail, std::string field) {
  return {static_cast<std::uint8_t>(code), category,
          caf::make_message(std::move(detail), std::move(field))};
}

errc code_of(const caf::error& error) {
  if (!error)
    return errc::internal;
  if (error.category() == category)
    return describe(static_cast<errc>(error.code())).code;
  if (error == caf::sec::request_timeout)
    return errc::timed_out;
  if (error == caf::sec::request_receiver_down || error.category() == caf::atom("exit"))
    return errc::connection_closed;
  return errc::internal;
}

std::string detail_of(const caf::error& error) {
  if (error && error.category() == category) {
    const auto& context = error.context();
    if (context.match_elements<std::string>() || blames_a_field(context))
      return context.get_as<std::string>(0);
  }
  return std::string{describe(code_of(error)).title};
}

std::string field_of(const caf::error& error) {
  if (error && error.category() == category && blames_a_field(error.context()))
    return error.context().get_as<std::string>(1);
  return {};
}

} // namespace muster
