// The shapes of answers for OpenAPI. The words for a type: those of JSON schema; `time`; `any`; a
// question mark behind for what may be null; `[]` behind for an array; `#NAME` for another schema.

#include "admin/schemas.hpp"

#include "messages/attribute.hpp"
#include "messages/channel_fields.hpp"

#include <utility>

namespace muster {

namespace {

using members = std::vector<std::pair<std::string, std::string>>;

struct shape {
  std::string name;
  members of;
};

bool take_end(std::string& word, std::string_view end) {
  if (word.size() <= end.size() || word.compare(word.size() - end.size(), end.size(), end) != 0)
    return false;
  word.resize(word.size() - end.size());
  return true;
}

void put_type(json_writer& json, std::string word) {
  json.begin_object();
  const auto maybe = take_end(word, "?");
  if (take_end(word, "[]")) {
    json.member("type", "array").key("items");
    put_type(json, word);
  } else if (word.front() == '#') {
    json.member("$ref", "#/components/schemas/" + word.substr(1));
  } else if (word != "any") {
    const auto is_time = word == "time";
    const std::string type = is_time ? "string" : word;
    if (maybe)
      json.key("type").begin_array().value(type).value("null").end_array();
    else
      json.member("type", type);
    if (is_time)
      json.member("format", "date-time");
  }
  json.end_object();
}

void put_shape(json_writer& json, const shape& what) {
  json.key(what.name).begin_object().member("type", "object").key("properties").begin_object();
  for (const auto& [name, word] : what.of) {
    json.key(name);
    put_type(json, word);
  }
  json.end_object().end_object();
}

shape page_of(const std::string& item) {
  return {item + "_list",
          {{"items", '#' + item + "[]"},
           {"total", "integer"},
           {"next_cursor", "string?"},
           {"revision", "integer?"},
           {"complete", "boolean"},
           {"missing", "string[]"}}};
}

std::string channel_word(const channel_field& field) {
  const auto kind = field.kind;
  if (kind == "flag")
    return "boolean";
  if (kind == "seconds")
    return "number";
  if (kind == "count")
    return "integer?";
  if (kind == "texts")
    return "string[]";
  return kind == "object" ? "any" : "string";
}

shape channel_shape() {
  shape out{"channel", {}};
  for (const auto& field : channel_fields())
    out.of.emplace_back(field.name, channel_word(field));
  for (const auto* name : {"connections", "sessions"})
    out.of.emplace_back(name, "integer");
  out.of.insert(out.of.end(),
                {{"from_file", "boolean"}, {"dry_run", "boolean"}, {"closes", "string[]"}});
  return out;
}

std::string attribute_word(attribute_kind kind) {
  switch (kind) {
  case attribute_kind::number:
    return "number?";
  case attribute_kind::time:
    return "time?";
  case attribute_kind::label_map:
    return "object";
  default:
    return "string?";
  }
}

shape connection_shape() {
  shape out{"connection", {}};
  for (const auto& each : attributes())
    if (!each.derived)
      out.of.emplace_back(each.name, attribute_word(each.kind));
  return out;
}

/// What is done to connections and what came of it.
std::vector<shape> verb_shapes() {
  return {
      {"close_receipt",
       {{"outcome", "string"},
        {"code_sent", "integer?"},
        {"peer_code", "integer?"},
        {"peer_reason", "string"},
        {"ms", "number"}}},
      {"invoke_reply",
       {{"outcome", "string"},
        {"data", "any"},
        {"detail", "string"},
        {"sent_at", "time?"},
        {"ms", "number"},
        {"operation", "string"}}},
      {"message",
       {{"direction", "string"},
        {"at", "time"},
        {"id", "string?"},
        {"in_reply_to", "string?"},
        {"size", "integer"},
        {"payload", "string"}}},
      {"outcome",
       {{"connection_id", "string"},
        {"outcome", "string"},
        {"data", "any"},
        {"detail", "string"},
        {"ms", "number"},
        {"at", "time?"}}},
      {"operation",
       {{"id", "string"},
        {"verb", "string"},
        {"state", "string"},
        {"matched", "integer"},
        {"finished", "integer"},
        {"dry_run", "boolean"},
        {"by", "string"},
        {"selector", "string"},
        {"started_at", "time?"},
        {"finished_at", "time?"},
        {"outcomes", "#outcome[]"},
        {"connection_ids", "string[]"}}},
  };
}

std::vector<shape> account_shapes() {
  const members token{
      {"id", "string"}, {"name", "string"}, {"role", "string"}, {"created_at", "time"}};
  auto created = token;
  created.emplace_back("token", "string");
  return {{"user", {{"username", "string"}, {"role", "string"}, {"created_at", "time"}}},
          {"token", token},
          {"token_created", created},
          {"session",
           {{"username", "string"},
            {"role", "string"},
            {"csrf_token", "string"},
            {"expires_at", "time"}}}};
}

std::vector<shape> server_shapes() {
  return {
      {"service",
       {{"name", "string"},
        {"kind", "string"},
        {"calls", "integer"},
        {"errors", "integer"},
        {"in_flight", "integer"},
        {"restarts", "integer"},
        {"mean_ms", "number"}}},
      {"node",
       {{"name", "string"},
        {"pid", "integer"},
        {"version", "string"},
        {"started_at", "time"},
        {"uptime", "number"},
        {"draining", "boolean"},
        {"connections", "integer"},
        {"sessions", "integer"},
        {"cpu_seconds", "number"},
        {"resident_bytes", "integer"},
        {"open_fds", "integer"},
        {"max_fds", "integer"},
        {"threads", "integer"},
        {"loops", "object[]"},
        {"listeners", "object[]"}}},
      {"overview",
       {{"server_name", "string"},
        {"version", "string"},
        {"uptime", "number"},
        {"draining", "boolean"},
        {"nodes", "integer"},
        {"channels", "integer"},
        {"channels_active", "integer"},
        {"connections", "integer"},
        {"sessions", "integer"},
        {"rates", "object"},
        {"counters", "object"}}},
      {"status", {{"status", "string"}}},
      {"version", {{"name", "string"}, {"version", "string"}}},
      {"problem",
       {{"type", "string"},
        {"title", "string"},
        {"status", "integer"},
        {"detail", "string"},
        {"code", "string"},
        {"request_id", "string"},
        {"field", "string"},
        {"column", "integer"}}},
  };
}

std::vector<shape> all_shapes() {
  std::vector<shape> out{channel_shape(), connection_shape()};
  for (auto&& group : {verb_shapes(), account_shapes(), server_shapes()})
    out.insert(out.end(), group.begin(), group.end());
  for (const auto* item : {"channel", "connection", "message", "user", "token", "service", "node"})
    out.push_back(page_of(item));
  return out;
}

} // namespace

void put_schemas(json_writer& json) {
  for (const auto& each : all_shapes())
    put_shape(json, each);
}

std::vector<std::string> schema_names() {
  std::vector<std::string> out;
  for (const auto& each : all_shapes())
    out.push_back(each.name);
  return out;
}

} // namespace muster
