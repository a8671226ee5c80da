// A channel as the admin endpoint shows it.

#include "messages/channel_edit.hpp"
#include "messages/channel_fields.hpp"
#include "messages/codec.hpp"
#include "messages/json_scan.hpp"
#include "messages/secret.hpp"

#include <array>
#include <charconv>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace muster {

namespace {

class object_writer {
public:
  explicit object_writer(std::string& out) : out_{out} { out_ += '{'; }

  template <class T>
  void member(std::string_view name, const T& value) {
    if (!std::exchange(first_, false))
      out_ += ',';
    append_json_string(out_, name);
    out_ += ':';
    put(value);
  }
  void raw(std::string_view members) {
    if (members.empty())
      return;
    if (!std::exchange(first_, false))
      out_ += ',';
    out_ += members;
  }
  void end() { out_ += '}'; }

private:
  void put(bool value) { out_ += value ? "true" : "false"; }
  void put(const std::string& text) { append_json_string(out_, text); }
  template <class T>
  requires std::is_enum_v<T>
  void put(T value) { append_json_string(out_, to_string(value)); }
  template <class T>
  requires std::is_arithmetic_v<T>
  void put(T value) {
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
    out_.append(digits.data(), end);
  }
  template <class T>
  void put(const std::optional<T>& value) {
    if (value)
      put(*value);
    else
      out_ += "null";
  }
  template <class T>
  void put(const std::vector<T>& list) {
    out_ += '[';
    for (const auto& item : list) {
      if (out_.back() != '[')
        out_ += ',';
      put(item);
    }
    out_ += ']';
  }
  template <has_fields T>
  void put(const T& value) {
    object_writer nested{out_};
    std::apply([&](const auto&... each) { (nested.member(each.name, value.*each.member), ...); },
               T::fields);
    nested.end();
  }

  std::string& out_;
  bool first_ = true;
};

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
