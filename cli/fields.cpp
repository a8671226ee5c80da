#include "cli/fields.hpp"

#include "cli/admin_endpoint.hpp"
#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/terminal.hpp"

#include <boost/json/parse.hpp>

namespace muster {

namespace json = boost::json;

json::object object_of(const std::string& data) {
  if (data.empty())
    return {};
  auto given = parse_json(read_argument(data), "--data");
  if (!given.is_object())
    throw failure{exit_code::usage, "--data must be a JSON object"};
  return std::move(given.get_object());
}

void put_settings(json::object& body, const std::vector<std::string>& settings) {
  for (const auto& setting : settings) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      throw failure{exit_code::usage, "--set wants FIELD=VALUE, not " + setting};
    boost::system::error_code fault;
    auto value = json::parse(setting.substr(equals + 1), fault);
    if (fault)
      value = json::string(setting.substr(equals + 1));
    body[setting.substr(0, equals)] = std::move(value);
  }
}

} // namespace muster
