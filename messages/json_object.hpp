#pragma once

#include "messages/json_field.hpp"
#include "messages/json_scan.hpp"
#include "messages/message.hpp"

#include <boost/json/object.hpp>
#include <caf/expected.hpp>

#include <array>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace muster {

// Structs with a field list as JSON objects: reading, patching, writing.

/// The body of a request, which must be one JSON object; `bad_request` says what it is instead.
caf::expected<boost::json::object> parse_json_object(std::string_view text);

/// RFC 7396; the patch was checked to be nested no deeper than allowed.
void merge_patch(boost::json::object& target, const boost::json::object& patch);

/// Reads the members of `object` by the field list of T; null leaves what is there.
template <class T, class ReadField>
caf::error read_members(std::string_view prefix, const boost::json::object& object, T& out,
                        ReadField&& read_field) {
  for (const auto& member : object) {
    const auto name = text_of(member.key());
    auto error = unknown_field(std::string{prefix} + std::string{name});
    std::apply(
        [&](const auto&... each) {
          ((name == each.name
                ? static_cast<void>(error = read_field(std::string{prefix} + each.name,
                                                       member.value(), out.*each.member))
                : void()),
           ...);
        },
        T::fields);
    if (error)
      return error;
  }
  return caf::none;
}

/// Writes one object to the end of a text.
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

} // namespace muster
