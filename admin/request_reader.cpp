#include "admin/request_reader.hpp"

#include "messages/json_scan.hpp"

#include <algorithm>
#include <charconv>

namespace muster {

namespace {

template <class Number>
std::optional<Number> parse(std::string_view text) {
  Number value{};
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, value);
  if (result.ec != std::errc{} || result.ptr != end)
    return std::nullopt;
  return value;
}

bool fits(json_kind kind, std::string_view json) {
  switch (kind) {
  case json_kind::text:
    return json.front() == '"';
  case json_kind::number:
    return json.front() == '-' || (json.front() >= '0' && json.front() <= '9');
  case json_kind::integer:
    return parse<std::uint64_t>(json).has_value();
  case json_kind::boolean:
    return json == "true" || json == "false";
  case json_kind::array_or_null:
    return json.front() == '[' || json == "null";
  case json_kind::any:
    break;
  }
  return true;
}

std::string_view in_words(json_kind kind) {
  switch (kind) {
  case json_kind::text:
    return "a string";
  case json_kind::number:
    return "a number";
  case json_kind::integer:
    return "a whole number of zero or more";
  case json_kind::boolean:
    return "true or false";
  case json_kind::array_or_null:
    return "an array or null";
  case json_kind::any:
    break;
  }
  return "any JSON";
}

class collector final : public json_member_sink {
public:
  void member(std::string_view key, std::string_view value) override {
    members.insert_or_assign(std::string{key}, std::string{value});
  }
  std::map<std::string, std::string, std::less<>> members;
};

std::optional<problem> check(const std::map<std::string, std::string, std::less<>>& members,
                             std::span<const body_field> fields) {
  for (const auto& [name, json] : members) {
    const auto known =
        std::find_if(fields.begin(), fields.end(),
                     [&n = name](const body_field& field) { return field.name == n; });
    if (known == fields.end())
      return bad_field(name, "Unknown field \"" + name + "\"");
    if (!fits(known->kind, json))
      return bad_field(name, "\"" + name + "\" must be " + std::string{in_words(known->kind)});
  }
  for (const auto& field : fields)
    if (field.required && members.find(field.name) == members.end())
      return bad_field(field.name, "\"" + field.name + "\" is missing");
  return std::nullopt;
}

} // namespace

std::string_view schema_type(json_kind kind) {
  switch (kind) {
  case json_kind::text:
    return "string";
  case json_kind::number:
    return "number";
  case json_kind::integer:
    return "integer";
  case json_kind::boolean:
    return "boolean";
  case json_kind::array_or_null:
    return "array";
  case json_kind::any:
    break;
  }
  return {};
}

json_kind json_kind_of(std::string_view word) {
  if (word == "flag")
    return json_kind::boolean;
  if (word == "seconds")
    return json_kind::number;
  if (word == "count")
    return json_kind::integer;
  if (word == "texts")
    return json_kind::array_or_null;
  return word == "object" ? json_kind::any : json_kind::text;
}

std::optional<problem> request_body::read(std::string_view text, std::span<const body_field> fields,
                                          request_body& out) {
  collector sink;
  if (!text.empty())
    if (const auto fault = scan_object(text, sink))
      return problem{errc::bad_request,
                     "The body must be a JSON object: " + std::string{fault.what} + " at byte "
                         + std::to_string(fault.offset),
                     {},
                     std::nullopt};
  out.members_ = std::move(sink.members);
  return check(out.members_, fields);
}

std::string_view request_body::raw(std::string_view name) const {
  const auto found = members_.find(name);
  return found == members_.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::string> request_body::text(std::string_view name) const {
  std::string out;
  if (!has(name) || !json_string(raw(name), out))
    return std::nullopt;
  return out;
}

std::optional<double> request_body::number(std::string_view name) const {
  return has(name) ? parse<double>(raw(name)) : std::nullopt;
}

std::optional<std::uint64_t> request_body::integer(std::string_view name) const {
  return has(name) ? parse<std::uint64_t>(raw(name)) : std::nullopt;
}

} // namespace muster
