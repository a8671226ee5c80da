#include "messages/channel_secrets.hpp"

#include "messages/json_field.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <utility>

namespace muster {

namespace json = boost::json;

namespace {

bool knows(const std::vector<credential>& all, std::string_view username) {
  return std::any_of(all.begin(), all.end(),
                     [&](const credential& each) { return each.username == username; });
}

caf::error read_secret(const secret_names& names, const json::value& value,
                       const std::vector<credential>& known, credential_input& out) {
  const auto* const entry = value.if_object();
  if (entry == nullptr)
    return wrong_field(names.list, "must be a list of objects");
  for (const auto& member : *entry) {
    const auto key = text_of(member.key());
    const auto field = std::string{names.list} + '.' + std::string{key};
    caf::error error;
    if (key == names.name)
      error = read(field, member.value(), out.username);
    else if (key != names.secret)
      error = unknown_field(field);
    else if (!member.value().is_null())
      error = read(field, member.value(), out.secret.emplace());
    if (error)
      return error;
  }
  if (out.username.empty())
    return wrong_field(names.list, "has an entry without '" + std::string{names.name} + '\'');
  const auto is_missing = out.secret ? out.secret->empty() : !knows(known, out.username);
  if (is_missing)
    return wrong_field(names.list,
                       "has no '" + std::string{names.secret} + "' for '" + out.username + '\'');
  return caf::none;
}

} // namespace

caf::error read_secrets(const secret_names& names, const json::value& value, channel_edit& out) {
  const auto* const list = value.if_array();
  if (list == nullptr)
    return wrong_field(names.list, "must be a list of objects");
  auto& secrets = out.secrets.emplace();
  for (const auto& item : *list) {
    credential_input input;
    if (auto error = read_secret(names, item, out.definition.credentials, input))
      return error;
    const auto is_twice = std::any_of(secrets.begin(), secrets.end(), [&](const auto& each) {
      return each.username == input.username;
    });
    if (is_twice)
      return wrong_field(names.list, "has '" + input.username + "' twice");
    secrets.push_back(std::move(input));
  }
  return caf::none;
}

} // namespace muster
