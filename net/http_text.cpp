#include "net/http_text.hpp"

#include "messages/errc.hpp"
#include "messages/ids.hpp"
#include "messages/json_scan.hpp"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace muster {

namespace {

/// Handlers pass on what they got from elsewhere; a value never ends its line.
void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ");
  auto start = static_cast<std::ptrdiff_t>(out.size());
  out.append(value);
  std::replace_if(
      out.begin() + start, out.end(), [](char c) { return c == '\r' || c == '\n' || c == '\0'; },
      ' ');
  out += "\r\n";
}

bool never_has_body(std::uint16_t status) {
  return status < 200 || status == 204 || status == 304;
}

std::string_view code_for(std::uint16_t status) {
  switch (status) {
  case 413:
  case 431:
    return describe(errc::too_large).name;
  case 500:
    return describe(errc::internal).name;
  case 503:
    return describe(errc::unavailable).name;
  default:
    return describe(errc::bad_request).name;
  }
}

} // namespace

std::string answer_text(const http_response& response, const answer_form& form, timestamp now) {
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + ' ';
  out += status_phrase(response.status);
  out += "\r\n";
  for (auto& [name, value] : response.headers)
    append_field(out, name, value);
  append_field(out, "Date", http_date(now));
  if (!form.keep)
    append_field(out, "Connection", "close");
  else if (form.minor_version == 0)
    append_field(out, "Connection", "keep-alive");
  bool body = !never_has_body(response.status);
  if (form.streamed && form.minor_version > 0)
    append_field(out, "Transfer-Encoding", "chunked");
  else if (!form.streamed && body)
    append_field(out, "Content-Length", std::to_string(response.body.size()));
  out += "\r\n";
  if (body && !form.streamed && !form.without_body)
    out += response.body;
  return out;
}

std::string http_date(timestamp time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto since_epoch = std::chrono::system_clock::to_time_t(time);
  std::tm utc{};
  gmtime_r(&since_epoch, &utc);
  char text[64];
  auto size = std::snprintf(text, sizeof(text), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                            days[utc.tm_wday], utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900,
                            utc.tm_hour, utc.tm_min, utc.tm_sec);
  return {text, static_cast<std::size_t>(size)};
}

http_response problem_answer(std::uint16_t status, std::string_view detail) {
  auto code = code_for(status);
  auto request_id = random_id();
  http_response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/problem+json"}, {"X-Request-Id", request_id}};
  response.body = R"({"type":)" + quoted("/docs#" + std::string{code}) + R"(,"title":)"
                  + quoted(status_phrase(status)) + R"(,"status":)" + std::to_string(status)
                  + R"(,"detail":)" + quoted(detail.empty() ? status_phrase(status) : detail)
                  + R"(,"code":)" + quoted(code) + R"(,"request_id":)" + quoted(request_id) + '}';
  return response;
}

std::string_view status_phrase(std::uint16_t status) {
  struct entry {
    std::uint16_t status;
    std::string_view phrase;
  };
  static constexpr entry phrases[] = {{100, "Continue"},
                                      {101, "Switching Protocols"},
                                      {200, "OK"},
                                      {201, "Created"},
                                      {202, "Accepted"},
                                      {204, "No Content"},
                                      {206, "Partial Content"},
                                      {301, "Moved Permanently"},
                                      {302, "Found"},
                                      {303, "See Other"},
                                      {304, "Not Modified"},
                                      {307, "Temporary Redirect"},
                                      {308, "Permanent Redirect"},
                                      {400, "Bad Request"},
                                      {401, "Unauthorized"},
                                      {403, "Forbidden"},
                                      {404, "Not Found"},
                                      {405, "Method Not Allowed"},
                                      {406, "Not Acceptable"},
                                      {408, "Request Timeout"},
                                      {409, "Conflict"},
                                      {410, "Gone"},
                                      {411, "Length Required"},
                                      {412, "Precondition Failed"},
                                      {413, "Content Too Large"},
                                      {414, "URI Too Long"},
                                      {415, "Unsupported Media Type"},
                                      {417, "Expectation Failed"},
                                      {422, "Unprocessable Content"},
                                      {426, "Upgrade Required"},
                                      {428, "Precondition Required"},
                                      {429, "Too Many Requests"},
                                      {431, "Request Header Fields Too Large"},
                                      {500, "Internal Server Error"},
                                      {501, "Not Implemented"},
                                      {502, "Bad Gateway"},
                                      {503, "Service Unavailable"},
                                      {504, "Gateway Timeout"},
                                      {505, "HTTP Version Not Supported"},
                                      {507, "Insufficient Storage"}};
  for (auto& [number, phrase] : phrases)
    if (number == status)
      return phrase;
  return "Unknown";
}

} // namespace muster
