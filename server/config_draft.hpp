#pragma once

#include "server/config.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace muster {

/// A configuration that is still being put together.
struct config_draft {
  config value;
  /// Plain listeners, each `IP:PORT`.
  std::vector<std::string> listen;
  tls_files admin_tls;
};

/// A value from the file, before anybody knows what it shall be; nothing: what no setting can be.
using setting_value =
    std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<std::string>>;

/// One key of the configuration that is a single value. The table of all settings is what the file,
/// the environment and the flags are read by.
struct setting {
  std::string_view section;
  std::string_view key;
  using text_target = std::string& (*)(config_draft&);
  using number_target = unsigned& (*)(config_draft&);
  using seconds_target = double& (*)(config_draft&);
  using switch_target = bool& (*)(config_draft&);
  using list_target = std::vector<std::string>& (*)(config_draft&);
  using address_target = endpoint& (*)(config_draft&);
  std::variant<text_target, number_target, seconds_target, switch_target, list_target,
               address_target>
      target;
  /// The words allowed, separated by `|`; empty: any.
  std::string_view words = {};
  double least = 0;
  double most = 0;

  std::string name() const { return std::string{section} + '.' + std::string{key}; }
};

const std::vector<setting>& all_settings();
const setting* find_setting(std::string_view section, std::string_view key);
bool is_section(std::string_view section);

/// Puts a value in its place; the text of what is wrong with it, or empty.
std::string assign(const setting& which, config_draft& draft, const setting_value& value);

/// The same from text: numbers and switches are parsed, lists are separated by commas.
std::string assign_text(const setting& which, config_draft& draft, const std::string& text);

/// The value in force, as TOML.
std::string show(const setting& which, config_draft& draft);

/// Text as a TOML string with its quotes.
std::string toml_quoted(std::string_view text);

} // namespace muster
