#include "admin/field_list.hpp"

#include "admin/json_writer.hpp"
#include "admin/small_list.hpp"

#include <algorithm>
#include <vector>

namespace muster {

namespace {

void put_choices(json_writer& json, std::string_view choices) {
  json.key("choices").begin_array();
  while (!choices.empty()) {
    const auto end = std::min(choices.find(' '), choices.size());
    json.value(choices.substr(0, end));
    choices.remove_prefix(std::min(end + 1, choices.size()));
  }
  json.end_array();
}

std::string show(const described_field& field, std::string_view defaults) {
  const auto usual = find_member(defaults, field.name);
  json_writer json;
  json.begin_object().member("name", field.name).member("kind", field.kind);
  json.member("about", field.what);
  json.raw_member("default", usual.empty() ? "null" : usual);
  put_choices(json, field.choices);
  json.member("editable", field.editable).end_object();
  return json.take();
}

} // namespace

std::string list_fields(std::span<const described_field> fields, std::string_view defaults) {
  std::vector<std::string> items;
  for (const auto& field : fields)
    items.push_back(show(field, defaults));
  return whole_list(items);
}

} // namespace muster
