// A channel as an administrator sends it: a whole one, or a patch.

#include "messages/channel_edit.hpp"

#include "messages/channel_fields.hpp"
#include "messages/channel_secrets.hpp"
#include "messages/errc.hpp"
#include "messages/json_field.hpp"
#include "messages/json_object.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <type_traits>

namespace muster {

namespace {

namespace json = boost::json;

using muster::read;

template <class T>
requires std::is_enum_v<T> caf::error read(std::string_view field, const json::value& value,
                                           T& out) {
  if (value.is_string() && parse_choice(text_of(value.get_string()), out))
    return caf::none;
  const auto all = channel_fields();
  const auto known = std::find_if(all.begin(), all.end(),
                                  [&](const channel_field& each) { return each.name == field; });
  return wrong_field(field, "must be one of: " + std::string{known->choices});
}

template <class T>
caf::error read_nested(std::string_view field, const json::object& object, T& out) {
  return read_members(std::string{field} + '.', object, out,
                      [](const std::string& name, const json::value& value, auto& member) {
                        return value.is_null() ? caf::error{} : read(name, value, member);
                      });
}

caf::error read(std::string_view field, const json::value& value, rate_limit& out) {
  const auto* const object = value.if_object();
  if (object == nullptr || !object->contains("rate"))
    return wrong_field(field, "must be null or an object with 'rate' and 'burst'");
  if (auto error = read_nested(field, *object, out))
    return error;
  if (const auto* burst = object->if_contains("burst"); burst == nullptr || burst->is_null())
    out.burst = out.rate;
  return caf::none;
}

caf::error read(std::string_view field, const json::value& value, message_log_limits& out) {
  const auto is_off = value.is_bool() ? !value.get_bool() : value.is_string() && value == "off";
  if (is_off)
    return caf::none;
  const auto* const object = value.if_object();
  if (object == nullptr || !object->contains("messages"))
    return wrong_field(field,
                       "must be false or an object with 'messages', 'payload_bytes' and 'redact'");
  return read_nested(field, *object, out);
}

template <class T>
caf::error read(std::string_view field, const json::value& value, std::optional<T>& out) {
  return read(field, value, out.emplace());
}

/// What goes with the channel's security: the lists that do not belong to it are refused.
caf::error read_security(const json::object& object, channel_edit& out) {
  const auto security = out.definition.security;
  if (security == channel_security::jwt || object.contains("jwt"))
    return wrong_field(security == channel_security::jwt ? "security" : "jwt",
                       "asks for JWT, which is not supported by this version");
  for (const auto& names : {basic_names, key_names}) {
    const auto* const value = object.if_contains(names.list);
    if (value == nullptr || value->is_null())
      continue;
    if (security != names.owner)
      return wrong_field(names.list,
                         "needs 'security' to be '" + std::string{to_string(names.owner)} + '\'');
    if (auto error = read_secrets(names, *value, out))
      return error;
  }
  return caf::none;
}

caf::error read_field(const std::string& name, const json::value& value, auto& member) {
  return value.is_null() ? caf::error{} : read(name, value, member);
}

caf::error read_field(const std::string&, const json::value&, std::vector<credential>&) {
  return caf::none;
}

caf::expected<channel_edit> read_channel(json::object object, std::vector<credential> known) {
  channel_edit out;
  out.definition.credentials = std::move(known);
  auto fields = object;
  for (const auto apart : {basic_names.list, key_names.list, std::string_view{"jwt"}})
    fields.erase(apart);
  for (const auto* needed : {"name", "path"})
    if (const auto* value = fields.if_contains(needed); value == nullptr || value->is_null())
      return wrong_field(needed, "is missing");
  auto error = read_members("", fields, out.definition,
                            [](const std::string& name, const json::value& value, auto& member) {
                              return read_field(name, value, member);
                            });
  if (!error)
    error = read_security(object, out);
  if (!error)
    error = validate(out.definition);
  if (error)
    return error;
  return out;
}

bool is_field(std::string_view name) {
  const auto all = channel_fields();
  return name == "jwt" || std::any_of(all.begin(), all.end(), [&](const channel_field& each) {
           return each.name == name;
         });
}

} // namespace

caf::expected<channel_edit> parse_channel(std::string_view text) {
  auto object = parse_json_object(text);
  if (!object)
    return object.error();
  return read_channel(std::move(*object), {});
}

caf::expected<channel_edit> patch_channel(const channel_definition& current,
                                          std::string_view patch) {
  const auto changes = parse_json_object(patch);
  if (!changes)
    return changes.error();
  auto clears_secrets = false;
  for (const auto& member : *changes) {
    const auto name = text_of(member.key());
    if (!is_field(name))
      return unknown_field(name);
    if (name == "name" && member.value() != json::string_view{current.name})
      return wrong_field("name", "cannot be changed");
    clears_secrets |=
        (name == basic_names.list || name == key_names.list) && member.value().is_null();
  }
  auto merged = parse_json_object(to_json(current));
  if (!merged)
    return merged.error();
  for (const auto apart : {basic_names.list, key_names.list})
    merged->erase(apart);
  merge_patch(*merged, *changes);
  const auto* const security = merged->if_contains("security");
  const auto keeps = security != nullptr
                     && *security == json::value(json::string_view{to_string(current.security)});
  auto edit =
      read_channel(std::move(*merged), keeps ? current.credentials : std::vector<credential>{});
  if (edit && (clears_secrets || !keeps) && !edit->secrets)
    edit->secrets.emplace();
  return edit;
}

} // namespace muster
