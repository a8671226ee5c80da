#include "cli/render.hpp"

#include "cli/table.hpp"
#include "cli/terminal.hpp"
#include "cli/text.hpp"
#include "messages/json_scan.hpp"

#include <boost/json/serialize.hpp>
#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <utility>

namespace muster {
namespace {

namespace json = boost::json;

using details = std::vector<std::pair<std::string, std::string>>;

void flatten(const std::string& name, const json::value& value, details& into) {
  if (const auto* object = value.if_object(); object && !object->empty())
    for (const auto& [key, inner] : *object)
      flatten(name.empty() ? std::string{key} : name + '.' + std::string{key}, inner, into);
  else
    into.emplace_back(name, cell(value));
}

/// Boost.JSON 1.81 writes 2.5 as 2.5E0, which is right but not what anybody sent.
void write_json(const json::value& value, std::string& out) {
  if (const auto* object = value.if_object()) {
    char before = '{';
    for (const auto& [key, inner] : *object) {
      out += std::exchange(before, ',');
      append_json_string(out, key);
      out += ':';
      write_json(inner, out);
    }
    out += object->empty() ? "{}" : "}";
  } else if (const auto* array = value.if_array()) {
    char before = '[';
    for (const auto& inner : *array) {
      out += std::exchange(before, ',');
      write_json(inner, out);
    }
    out += array->empty() ? "[]" : "]";
  } else if (const auto* text = value.if_string()) {
    append_json_string(out, *text);
  } else if (const auto* number = value.if_double()) {
    out += fmt::format("{}", *number);
  } else {
    out += json::serialize(value);
  }
}

/// As exact as a reader of a table wants it: three digits behind the point, without zeros.
std::string rounded(double number) {
  auto text = fmt::format("{:.3f}", number);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text == "-0" ? "0" : text;
}

} // namespace

std::string cell(const json::value& value) {
  if (value.is_null())
    return {};
  if (value.is_string())
    return std::string{value.get_string()};
  if (value.is_double())
    return rounded(value.get_double());
  if (value.is_array()) {
    std::string out;
    for (const auto& item : value.get_array())
      out += (out.empty() ? "" : ", ") + cell(item);
    return out;
  }
  std::string out;
  write_json(value, out);
  return out;
}

const json::value& member(const json::value& object, std::string_view path) {
  static const json::value nothing;
  const json::value* at = &object;
  while (!path.empty()) {
    const auto dot = std::min(path.find('.'), path.size());
    const auto* members = at->if_object();
    at = members ? members->if_contains(path.substr(0, dot)) : nullptr;
    if (!at)
      return nothing;
    path.remove_prefix(std::min(dot + 1, path.size()));
  }
  return *at;
}

std::string as_table(const json::array& items, const std::vector<std::string>& columns) {
  table rows{columns};
  for (const auto& item : items) {
    std::vector<std::string> cells;
    std::transform(columns.begin(), columns.end(), std::back_inserter(cells),
                   [&](const std::string& column) { return cell(member(item, column)); });
    rows.add(cells);
  }
  return rows.print(terminal_width(), may_style());
}

std::string as_details(const json::value& object) {
  details lines;
  flatten({}, object, lines);
  std::size_t width = 0;
  for (const auto& [name, value] : lines)
    width = std::max(width, columns_of(harmless(name)));
  std::string out;
  for (const auto& [name, value] : lines) {
    auto label = harmless(name);
    label.append(width - columns_of(label), ' ');
    out += label + "  " + harmless(value) + '\n';
  }
  return out;
}

std::string as_json(const json::value& value) {
  std::string out;
  write_json(value, out);
  // On a terminal nobody parses it; elsewhere it stays as it is.
  return (terminal_width() > 0 ? harmless(out) : out) + '\n';
}

} // namespace muster
