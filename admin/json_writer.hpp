#pragma once

#include "messages/json_scan.hpp"
#include "messages/time.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace muster {

/// Writes one JSON text from left to right; texts are escaped, commas come by themselves.
class json_writer {
public:
  json_writer& begin_object() { return open('{'); }
  json_writer& end_object() { return close('}'); }
  json_writer& begin_array() { return open('['); }
  json_writer& end_array() { return close(']'); }
  json_writer& key(std::string_view name);

  json_writer& value(std::string_view text);
  json_writer& value(const char* text) { return value(std::string_view{text}); }
  json_writer& value(const std::string& text) { return value(std::string_view{text}); }
  json_writer& value(bool truth) { return raw(truth ? "true" : "false"); }
  json_writer& value(std::nullptr_t) { return raw("null"); }
  /// Null when it is not finite.
  json_writer& value(double number);
  template <std::integral Integer>
  json_writer& value(Integer number) {
    return raw(std::to_string(number));
  }
  /// RFC 3339; null for the epoch, which stands for never.
  json_writer& value(timestamp time);
  template <class T>
  json_writer& value(const std::optional<T>& maybe) {
    return maybe ? value(*maybe) : value(nullptr);
  }
  /// A value that is JSON already.
  json_writer& raw(std::string_view json);

  template <class T>
  json_writer& member(std::string_view name, const T& content) {
    return key(name).value(content);
  }
  /// Null for an empty text.
  json_writer& text_or_null(std::string_view name, std::string_view text) {
    return text.empty() ? member(name, nullptr) : member(name, text);
  }
  json_writer& raw_member(std::string_view name, std::string_view json) {
    return key(name).raw(json);
  }

  std::string take() { return std::move(out_); }
  /// For those who append a whole value themselves, between `begin_value` and the next call.
  std::string& begin_value();

private:
  json_writer& open(char bracket);
  json_writer& close(char bracket);

  std::string out_;
  bool after_value_ = false;
};

} // namespace muster
