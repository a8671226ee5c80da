#include "admin/schemas.hpp"

#include "admin/shapes.hpp"
#include "messages/attribute.hpp"
#include "messages/channel_fields.hpp"

namespace muster {

namespace {

bool take_end(std::string& word, std::string_view end) {
  if (word.size() <= end.size() || word.compare(word.size() - end.size(), end.size(), end) != 0)
    return false;
  word.resize(word.size() - end.size());
  return true;
}

void put_type(json_writer& json, std::string word, std::string_view about = {}) {
  json.begin_object();
  if (!about.empty())
    json.member("description", about);
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
    const auto known = what.about.find(name);
    put_type(json, word, known == what.about.end() ? std::string_view{} : known->second);
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

shape channel_shape() {
  shape out{"channel", {}};
  add_fields(out, channel_fields());
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
    if (!each.derived) {
      out.of.emplace_back(each.name, attribute_word(each.kind));
      out.about.emplace(each.name, each.about);
    }
  return out;
}

std::vector<shape> all_shapes() {
  std::vector<shape> out{channel_shape(), connection_shape()};
  for (auto&& group : {verb_shapes(), account_shapes(), server_shapes(), topic_shapes()})
    out.insert(out.end(), group.begin(), group.end());
  for (const auto* item :
       {"channel", "connection", "message", "user", "token", "service", "node", "topic",
        "topic_message", "subscription", "publisher", "field", "attribute", "incident"})
    out.push_back(page_of(item));
  for (auto& each : out)
    if (each.name == "connection_list")
      each.of.emplace_back("offset", "integer");
  return out;
}

} // namespace

std::string field_word(std::string_view kind) {
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

void add_fields(shape& to, std::span<const described_field> fields) {
  for (const auto& field : fields) {
    to.of.emplace_back(field.name, field_word(field.kind));
    to.about.emplace(field.name, field.what);
  }
}

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
