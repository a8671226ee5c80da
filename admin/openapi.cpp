#include "admin/openapi.hpp"

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"
#include "admin/schemas.hpp"

#include <algorithm>
#include <map>

namespace muster {

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  });
  return text;
}

/// `get_channels_name` for `GET /api/v1/channels/{name}`.
std::string operation_id(const admin_route& each) {
  auto path = each.path;
  if (path.compare(0, 7, "/api/v1") == 0)
    path.erase(0, 7);
  auto out = lower(each.method);
  auto gap = true;
  for (const auto letter : path) {
    const auto is_word = (letter >= 'a' && letter <= 'z') || letter == '_';
    if (is_word && gap)
      out += '_';
    if (is_word)
      out += letter;
    gap = !is_word;
  }
  return out;
}

void put_parameter(json_writer& json, std::string_view where, const query_parameter& what) {
  json.begin_object().member("name", what.name).member("in", where);
  json.member("required", where == "path");
  if (!what.about.empty())
    json.member("description", what.about);
  json.key("schema").begin_object();
  if (what.many)
    json.member("type", "array").key("items").begin_object();
  json.member("type", what.type).end_object();
  if (what.many)
    json.end_object();
  json.end_object();
}

void put_parameters(json_writer& json, const admin_route& each) {
  json.key("parameters").begin_array();
  for (const auto& name : path_parameters(each.path))
    put_parameter(json, "path", {name, "string", {}});
  for (const auto& what : each.query)
    put_parameter(json, "query", what);
  if (is_unsafe(each.method) && each.needs)
    put_parameter(json, "header",
                  {"Idempotency-Key", "string", "The same key and body: the first answer again."});
  if (each.takes_if_match)
    put_parameter(json, "header", {"If-Match", "string", "The ETag that the edit depends on."});
  json.end_array();
}

void put_field(json_writer& json, const body_field& field) {
  json.key(field.name).begin_object();
  if (const auto type = schema_type(field.kind); !type.empty()) {
    if (field.kind == json_kind::array_or_null)
      json.key("type").begin_array().value(type).value("null").end_array();
    else
      json.member("type", type);
  }
  json.member("description", field.about).end_object();
}

void put_body(json_writer& json, const admin_route& each) {
  if (each.body.empty())
    return;
  const auto any_required = std::any_of(each.body.begin(), each.body.end(),
                                        [](const body_field& field) { return field.required; });
  json.key("requestBody").begin_object();
  json.member("required", any_required || each.body_is_checked_later);
  json.key("content").begin_object().key("application/json").begin_object();
  json.key("schema").begin_object().member("type", "object");
  json.member("additionalProperties", false).key("properties").begin_object();
  for (const auto& field : each.body)
    put_field(json, field);
  json.end_object();
  if (any_required) {
    json.key("required").begin_array();
    for (const auto& field : each.body)
      if (field.required)
        json.value(field.name);
    json.end_array();
  }
  json.end_object().end_object().end_object().end_object();
}

void put_schema_content(json_writer& json, std::string_view media_type, const std::string& schema) {
  json.key("content").begin_object().key(media_type).begin_object().key("schema").begin_object();
  if (schema.empty())
    json.member("type", media_type == "application/json" ? "object" : "string");
  else
    json.member("$ref", "#/components/schemas/" + schema);
  json.end_object().end_object().end_object();
}

void put_responses(json_writer& json, const admin_route& each) {
  json.key("responses").begin_object();
  json.key(std::to_string(each.status)).begin_object().member("description", "It is done.");
  if (each.status != 204)
    put_schema_content(json, each.media_type, each.answer);
  json.end_object();
  json.key("default").begin_object().member("description", "It was not done; the body says why.");
  put_schema_content(json, "application/problem+json", "problem");
  json.end_object().end_object();
}

void put_security(json_writer& json, const admin_route& each) {
  json.key("security").begin_array();
  if (each.needs)
    for (const auto* scheme : {"token", "session"})
      json.begin_object().key(scheme).begin_array().end_array().end_object();
  json.end_array();
  json.member("x-role", each.needs ? to_string(*each.needs) : std::string_view{"anybody"});
}

void put_operation(json_writer& json, const admin_route& each) {
  json.key(lower(each.method)).begin_object();
  json.member("operationId", operation_id(each)).member("summary", each.summary);
  put_security(json, each);
  put_parameters(json, each);
  put_body(json, each);
  put_responses(json, each);
  json.end_object();
}

void put_components(json_writer& json) {
  json.key("components").begin_object().key("securitySchemes").begin_object();
  json.key("token").begin_object().member("type", "http").member("scheme", "bearer").end_object();
  json.key("session").begin_object().member("type", "apiKey").member("in", "cookie");
  json.member("name", "muster_session").end_object().end_object();
  json.key("schemas").begin_object();
  put_schemas(json);
  json.end_object().end_object();
}

} // namespace

std::vector<std::string> path_parameters(const std::string& path) {
  std::vector<std::string> out;
  for (auto begin = path.find('{'); begin != std::string::npos; begin = path.find('{', begin + 1))
    out.push_back(path.substr(begin + 1, path.find('}', begin) - begin - 1));
  return out;
}

std::string openapi_document(const std::vector<admin_route>& all, const std::string& version) {
  std::map<std::string, std::vector<const admin_route*>> by_path;
  for (const auto& each : all)
    if (!each.is_page)
      by_path[each.path].push_back(&each);
  json_writer json;
  json.begin_object().member("openapi", "3.1.0").key("info").begin_object();
  json.member("title", "Muster admin endpoint").member("version", version).end_object();
  json.key("paths").begin_object();
  for (const auto& [path, methods] : by_path) {
    json.key(path).begin_object();
    for (const auto* each : methods)
      put_operation(json, *each);
    json.end_object();
  }
  json.end_object();
  put_components(json);
  json.end_object();
  return json.take();
}

routes openapi_routes(const endpoint_options& options) {
  admin_route each{"GET", "/api/v1/openapi.json", role::viewer, "This document: OpenAPI 3.1.",
                   [](const call_ptr& call) {
                     const auto& parts = call->parts();
                     call->reply(openapi_document(parts.routes.routes(), parts.options.version));
                   }};
  if (options.open_docs)
    each.needs.reset();
  return {std::move(each)};
}

} // namespace muster
