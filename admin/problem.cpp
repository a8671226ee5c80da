#include "admin/problem.hpp"

#include "admin/json_writer.hpp"

namespace muster {

problem problem_of(const caf::error& error) {
  return {code_of(error), detail_of(error), field_of(error), std::nullopt};
}

problem bad_field(std::string field, std::string detail) {
  return {errc::bad_request, std::move(detail), std::move(field), std::nullopt};
}

http_response to_response(const problem& what, std::string_view request_id) {
  const auto& info = describe(what.code);
  json_writer json;
  json.begin_object();
  json.member("type", "/docs#" + std::string{info.name}).member("title", info.title);
  json.member("status", info.status);
  json.member("detail", what.detail.empty() ? info.title : std::string_view{what.detail});
  json.member("code", info.name).member("request_id", request_id);
  if (!what.field.empty())
    json.member("field", what.field);
  if (what.column)
    json.member("column", *what.column);
  json.end_object();

  http_response response;
  response.status = info.status;
  response.headers.emplace_back("Content-Type", "application/problem+json");
  if (what.code == errc::unauthorized)
    response.headers.emplace_back("WWW-Authenticate", "Bearer realm=\"muster\"");
  if (info.status == 429 || info.status == 503)
    response.headers.emplace_back("Retry-After", "1");
  response.body = json.take();
  return response;
}

} // namespace muster
