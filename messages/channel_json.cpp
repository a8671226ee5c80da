// A channel as the admin endpoint shows it.

#include "messages/channel_edit.hpp"
#include "messages/channel_fields.hpp"
#include "messages/codec.hpp"
#include "messages/json_object.hpp"
#include "messages/json_scan.hpp"
#include "messages/secret.hpp"

#include <optional>
#include <vector>

namespace muster {

namespace {

/// Who may sign in, without the secrets; `label` is what the name is called.
std::string names(const std::vector<credential>& all, std::string_view list,
                  std::string_view label) {
  auto out = quoted(list) + ":[";
  for (const auto& each : all) {
    if (out.back() != '[')
      out += ',';
    out += '{' + quoted(label) + ':' + quoted(each.username) + '}';
  }
  return out + ']';
}

std::string secrets_of(const channel_definition& definition) {
  switch (definition.security) {
  case channel_security::basic:
    return names(definition.credentials, "credentials", "username");
  case channel_security::api_key:
    return names(definition.credentials, "keys", "name");
  default:
    return {};
  }
}

template <class T>
void write_field(object_writer& to, const channel_definition& definition,
                 const field<channel_definition, T>& each) {
  to.member(each.name, definition.*each.member);
}

void write_field(object_writer& to, const channel_definition& definition,
                 const field<channel_definition, std::vector<credential>>&) {
  to.raw(secrets_of(definition));
}

void write_field(object_writer& to, const channel_definition& definition,
                 const field<channel_definition, message_log_limits>& each) {
  const auto& log = definition.message_log;
  to.member(each.name, log.messages != 0 ? std::optional{log} : std::nullopt);
}

} // namespace

std::string to_json(const channel_definition& definition, std::string_view extra) {
  std::string out;
  out.reserve(1024 + extra.size());
  object_writer object{out};
  std::apply([&](const auto&... each) { (write_field(object, definition, each), ...); },
             channel_definition::fields);
  object.raw(extra);
  object.end();
  return out;
}

std::string etag_of(const channel_definition& definition) {
  constexpr std::size_t enough = 16;
  return '"' + sha256_hex(to_bytes(definition)).substr(0, enough) + '"';
}

} // namespace muster
