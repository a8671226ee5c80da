#include "admin/prometheus.hpp"

#include <array>
#include <charconv>

namespace muster {

namespace {

void append_escaped(std::string& out, std::string_view text) {
  for (const auto letter : text) {
    if (letter == '\n') {
      out += "\\n";
      continue;
    }
    if (letter == '\\' || letter == '"')
      out += '\\';
    out += letter;
  }
}

void append_number(std::string& out, double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

} // namespace

prometheus_writer& prometheus_writer::family(std::string_view name, std::string_view kind,
                                             std::string_view help) {
  name_ = name;
  out_ += "# HELP " + name_ + ' ' + std::string{help} + "\n# TYPE " + name_ + ' '
          + std::string{kind} + '\n';
  return *this;
}

prometheus_writer& prometheus_writer::sample(double value, std::initializer_list<label> tags) {
  out_ += name_;
  for (const auto& [name, text] : tags) {
    out_ += &name == &tags.begin()->first ? '{' : ',';
    out_ += std::string{name} + "=\"";
    append_escaped(out_, text);
    out_ += '"';
  }
  if (tags.size() > 0)
    out_ += '}';
  out_ += ' ';
  append_number(out_, value);
  out_ += '\n';
  return *this;
}

} // namespace muster
