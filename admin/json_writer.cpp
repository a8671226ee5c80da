#include "admin/json_writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace muster {

std::string& json_writer::begin_value() {
  if (after_value_)
    out_ += ',';
  after_value_ = true;
  return out_;
}

json_writer& json_writer::open(char bracket) {
  begin_value() += bracket;
  after_value_ = false;
  return *this;
}

json_writer& json_writer::close(char bracket) {
  out_ += bracket;
  after_value_ = true;
  return *this;
}

json_writer& json_writer::key(std::string_view name) {
  append_json_string(begin_value(), name);
  out_ += ':';
  after_value_ = false;
  return *this;
}

json_writer& json_writer::value(std::string_view text) {
  append_json_string(begin_value(), text);
  return *this;
}

json_writer& json_writer::value(double number) {
  if (!std::isfinite(number))
    return value(nullptr);
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return raw({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

json_writer& json_writer::value(timestamp time) {
  return time == timestamp{} ? value(nullptr) : value(to_rfc3339(time));
}

json_writer& json_writer::raw(std::string_view json) {
  begin_value() += json;
  return *this;
}

} // namespace muster
