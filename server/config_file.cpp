#include "server/config_file.hpp"

#include "server/address.hpp"
#include "server/toml_json.hpp"

#include <spdlog/fmt/fmt.h>

namespace muster {
namespace {

/// Walks one parsed file.
class file_reader {
public:
  file_reader(const std::string& path, config_draft& draft) : path_{path}, draft_{draft} {}

  config_file result;

  void read(const toml::table& root) {
    for (auto&& [key, value] : root) {
      const auto name = key.str();
      if (name == "listener")
        each_table(value, name, [this](const toml::table& table) { read_listener(table); });
      else if (name == "channel")
        each_table(value, name, [this](const toml::table& table) {
          result.channels.push_back(to_declaration(path_, table, result.faults));
        });
      else if (name == "topic")
        each_table(value, name, [this](const toml::table& table) {
          result.topics.push_back(to_declaration(path_, table, result.faults));
        });
      else if (!is_section(name))
        fault(key.source(), fmt::format("unknown section \"{}\"", name));
      else if (const auto* table = value.as_table())
        read_section(name, *table);
      else
        fault(value.source(), fmt::format("\"{}\" must be a table", name));
    }
  }

  void fault(const toml::source_region& at, std::string what) {
    result.faults.push_back({place(path_, at), std::move(what)});
  }

private:
  template <class F>
  void each_table(const toml::node& node, std::string_view name, F take) {
    const auto* array = node.as_array();
    if (!array)
      return fault(node.source(), fmt::format("write [[{}]], one for each", name));
    for (const auto& item : *array)
      if (const auto* table = item.as_table())
        take(*table);
      else
        fault(item.source(), fmt::format("\"{}\" must be a table", name));
  }

  void read_section(std::string_view section, const toml::table& table) {
    for (auto&& [key, node] : table) {
      const auto* which = find_setting(section, key.str());
      if (!which) {
        fault(key.source(), fmt::format("unknown key \"{}.{}\"", section, key.str()));
        continue;
      }
      const auto problem = assign(*which, draft_, value_of(node));
      if (!problem.empty())
        fault(node.source(), fmt::format("\"{}\" {}", which->name(), problem));
      result.origins[which->name()] = fmt::format("{}:{}", path_, node.source().begin.line);
    }
  }

  setting_value value_of(const toml::node& node) {
    if (const auto* text = node.as_string())
      return text->get();
    if (const auto* number = node.as_integer())
      return number->get();
    if (const auto* real = node.as_floating_point())
      return real->get();
    if (const auto* array = node.as_array()) {
      std::vector<std::string> items;
      for (const auto& item : *array)
        if (const auto* text = item.as_string())
          items.push_back(text->get());
        else
          return {};
      return items;
    }
    if (const auto* yes = node.as_boolean())
      return yes->get();
    return {};
  }

  void read_listener(const toml::table& table) {
    listener_definition listener;
    tls_files tls;
    for (auto&& [key, node] : table) {
      const auto name = key.str();
      if (name == "name")
        text(node, name, listener.name);
      else if (name == "certificate")
        text(node, name, tls.certificate);
      else if (name == "key")
        text(node, name, tls.key);
      else if (name == "address")
        address(node, listener.address);
      else if (name == "proxy_protocol" && node.is_boolean())
        listener.proxy_protocol = node.as_boolean()->get();
      else if (name == "proxy_protocol")
        fault(node.source(), "\"listener.proxy_protocol\" must be true or false");
      else
        fault(key.source(), fmt::format("unknown key \"listener.{}\"", name));
    }
    if (!table.contains("address"))
      fault(table.source(), "a listener needs an \"address\"");
    if (tls.certificate.empty() != tls.key.empty())
      fault(table.source(), "\"certificate\" and \"key\" go together");
    if (!tls.certificate.empty())
      listener.tls = tls;
    if (result.listeners.empty())
      result.origins["listener"] = fmt::format("{}:{}", path_, table.source().begin.line);
    result.listeners.push_back(std::move(listener));
  }

  void text(const toml::node& node, std::string_view name, std::string& into) {
    if (const auto* string = node.as_string())
      into = string->get();
    else
      fault(node.source(), fmt::format("\"listener.{}\" must be a string", name));
  }

  void address(const toml::node& node, endpoint& into) {
    const auto* string = node.as_string();
    const auto parsed = string ? parse_endpoint(string->get()) : std::nullopt;
    if (parsed)
      into = *parsed;
    else
      fault(node.source(), "\"listener.address\" must be IP:PORT, such as 0.0.0.0:8080");
  }

  const std::string& path_;
  config_draft& draft_;
};

} // namespace

config_file read_config_file(const std::string& path, config_draft& draft) {
  file_reader reader{path, draft};
  try {
    reader.read(toml::parse_file(path));
  } catch (const toml::parse_error& error) {
    if (error.source().begin.line == 0)
      reader.result.faults.push_back({path, std::string{error.description()}});
    else
      reader.fault(error.source(), std::string{error.description()});
  }
  return std::move(reader.result);
}

} // namespace muster
