#include "server/toml_json.hpp"

#include "messages/json_scan.hpp"

#include <spdlog/fmt/fmt.h>

#include <cmath>

namespace muster {
namespace {

/// Writes TOML as JSON, or as one line of TOML with the secrets masked.
class writer {
public:
  enum class style { json, shown };
  writer(style how, const std::string& path, std::vector<config_fault>& faults)
      : how_{how}, path_{path}, faults_{faults} {}

  std::string text;

  void write(const toml::node& node) {
    if (const auto* table = node.as_table())
      write_table(*table);
    else if (const auto* array = node.as_array())
      write_array(*array);
    else if (const auto* string = node.as_string())
      append_json_string(text, string->get());
    else if (const auto* number = node.as_integer())
      text += fmt::format("{}", number->get());
    else if (const auto* real = node.as_floating_point(); real && std::isfinite(real->get()))
      text += fmt::format("{}", real->get());
    else if (const auto* yes = node.as_boolean())
      text += yes->get() ? "true" : "false";
    else
      faults_.push_back({place(path_, node.source()), "must be text, a number, true or false"});
  }

  void write_table(const toml::table& table) {
    text += '{';
    bool first = true;
    for (auto&& [key, value] : table) {
      if (!first)
        text += how_ == style::json ? "," : ", ";
      first = false;
      append_json_string(text, key.str());
      text += how_ == style::json ? ":" : " = ";
      if (how_ == style::shown && is_secret(key.str()))
        text += "\"***\"";
      else
        write(value);
    }
    text += '}';
  }

  static bool is_secret(std::string_view key) { return key == "secret" || key == "key"; }

private:
  void write_array(const toml::array& array) {
    text += '[';
    for (const auto& value : array) {
      if (&value != &array.front())
        text += how_ == style::json ? "," : ", ";
      write(value);
    }
    text += ']';
  }

  style how_;
  const std::string& path_;
  std::vector<config_fault>& faults_;
};

} // namespace

std::string place(const std::string& path, const toml::source_region& region) {
  return fmt::format("{}:{}:{}", path, region.begin.line, region.begin.column);
}

declaration to_declaration(const std::string& path, const toml::table& table,
                           std::vector<config_fault>& faults) {
  declaration result;
  result.where = place(path, table.source());
  writer json{writer::style::json, path, faults};
  json.write_table(table);
  result.json = std::move(json.text);
  std::vector<config_fault> seen;
  for (auto&& [key, value] : table) {
    writer shown{writer::style::shown, path, seen};
    shown.write(value);
    result.lines.push_back(std::string{key.str()} + " = " + shown.text);
  }
  return result;
}

} // namespace muster
