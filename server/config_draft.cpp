#include "server/config_draft.hpp"

#include "messages/ip_address.hpp"
#include "messages/json_scan.hpp"
#include "server/address.hpp"

#include <spdlog/fmt/fmt.h>

#include <charconv>
#include <cmath>

namespace muster {
namespace {

bool is_one_of(std::string_view words, std::string_view text) {
  for (std::size_t at = 0; at <= words.size();) {
    const auto bar = std::min(words.find('|', at), words.size());
    if (words.substr(at, bar - at) == text)
      return true;
    at = bar + 1;
  }
  return false;
}

std::string range_fault(const setting& which, double number) {
  if (number >= which.least && number <= which.most)
    return {};
  return fmt::format("must be from {} to {}", which.least, which.most);
}

/// Takes a value of the file's type into the setting's; each returns what is wrong.
struct taker {
  const setting& which;
  config_draft& draft;
  const setting_value& value;

  std::string operator()(setting::text_target at) const {
    const auto* text = std::get_if<std::string>(&value);
    if (!text)
      return "must be a string";
    if (!which.words.empty() && !is_one_of(which.words, *text))
      return fmt::format("must be one of {}", which.words);
    at(draft) = *text;
    return {};
  }

  std::string operator()(setting::number_target at) const {
    const auto* number = std::get_if<std::int64_t>(&value);
    if (!number)
      return "must be a whole number";
    if (auto fault = range_fault(which, static_cast<double>(*number)); !fault.empty())
      return fault;
    at(draft) = static_cast<unsigned>(*number);
    return {};
  }

  std::string operator()(setting::seconds_target at) const {
    double seconds = 0;
    if (const auto* number = std::get_if<std::int64_t>(&value))
      seconds = static_cast<double>(*number);
    else if (const auto* real = std::get_if<double>(&value))
      seconds = *real;
    else
      return "must be a number of seconds";
    if (auto fault = range_fault(which, seconds); !fault.empty())
      return fault;
    at(draft) = seconds;
    return {};
  }

  std::string operator()(setting::switch_target at) const {
    const auto* yes = std::get_if<bool>(&value);
    if (!yes)
      return "must be true or false";
    at(draft) = *yes;
    return {};
  }

  std::string operator()(setting::list_target at) const {
    const auto* list = std::get_if<std::vector<std::string>>(&value);
    if (!list)
      return "must be a list of strings";
    const bool blocks = which.section == "proxy";
    for (const auto& item : *list)
      if (blocks ? !ip_network::parse(item) : !parse_endpoint(item))
        return fmt::format("{} is no {}", muster::quoted(item),
                           blocks ? "address or CIDR block" : "IP:PORT");
    at(draft) = *list;
    return {};
  }

  std::string operator()(setting::address_target at) const {
    const auto* text = std::get_if<std::string>(&value);
    const auto address = text ? parse_endpoint(*text) : std::nullopt;
    if (!address)
      return "must be IP:PORT, such as 127.0.0.1:8081 or [::1]:8081";
    at(draft) = *address;
    return {};
  }
};

template <class T>
std::optional<T> number_from(const std::string& text) {
  T number{};
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  return fault == std::errc{} && end == text.data() + text.size() ? std::optional{number}
                                                                  : std::nullopt;
}

std::vector<std::string> split_list(const std::string& text) {
  std::vector<std::string> items;
  for (std::size_t at = 0; at < text.size();) {
    const auto comma = std::min(text.find(',', at), text.size());
    const auto first = text.find_first_not_of(' ', at);
    if (first < comma)
      items.push_back(text.substr(first, text.find_last_not_of(' ', comma - 1) + 1 - first));
    at = comma + 1;
  }
  return items;
}

/// Text as the type that the setting wants; text that is no such thing stays text and is refused.
struct reader {
  const std::string& text;

  setting_value operator()(setting::number_target) const {
    if (const auto number = number_from<std::int64_t>(text))
      return *number;
    return text;
  }
  setting_value operator()(setting::seconds_target) const {
    if (const auto number = number_from<double>(text); number && std::isfinite(*number))
      return *number;
    return text;
  }
  setting_value operator()(setting::switch_target) const {
    if (is_one_of("true|yes|on|1", text))
      return true;
    if (is_one_of("false|no|off|0", text))
      return false;
    return text;
  }
  setting_value operator()(setting::list_target) const { return split_list(text); }
  setting_value operator()(setting::text_target) const { return text; }
  setting_value operator()(setting::address_target) const { return text; }
};

struct printer {
  config_draft& draft;

  std::string operator()(setting::text_target at) const { return toml_quoted(at(draft)); }
  std::string operator()(setting::number_target at) const { return fmt::format("{}", at(draft)); }
  std::string operator()(setting::seconds_target at) const { return fmt::format("{}", at(draft)); }
  std::string operator()(setting::switch_target at) const { return at(draft) ? "true" : "false"; }
  std::string operator()(setting::address_target at) const {
    return toml_quoted(to_string(at(draft)));
  }
  std::string operator()(setting::list_target at) const {
    std::string out = "[";
    for (const auto& item : at(draft))
      out += (out.size() > 1 ? ", " : "") + toml_quoted(item);
    return out + ']';
  }
};

} // namespace

std::string assign(const setting& which, config_draft& draft, const setting_value& value) {
  return std::visit(taker{which, draft, value}, which.target);
}

std::string assign_text(const setting& which, config_draft& draft, const std::string& text) {
  return assign(which, draft, std::visit(reader{text}, which.target));
}

std::string show(const setting& which, config_draft& draft) {
  return std::visit(printer{draft}, which.target);
}

// What JSON writes between quotes is a TOML basic string as well.
std::string toml_quoted(std::string_view text) {
  return muster::quoted(text);
}

} // namespace muster
