#include "admin/negotiation.hpp"

#include <algorithm>

namespace muster {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto begin = text.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Takes what stands before the next `mark` off the front of `rest`.
std::string_view take_part(std::string_view& rest, char mark) {
  const auto end = rest.find(mark);
  const auto part = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return trimmed(part);
}

bool same_letters(std::string_view a, std::string_view small) {
  return std::equal(a.begin(), a.end(), small.begin(), small.end(), [](char x, char y) {
    return (x >= 'A' && x <= 'Z' ? static_cast<char>(x - 'A' + 'a') : x) == y;
  });
}

/// `q=0`, `q=0.0` and the like: not at all.
bool is_refused(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto each = take_part(parameters, ';');
    if (each.size() > 2 && same_letters(each.substr(0, 2), "q="))
      return each.find_first_not_of("0.", 2) == std::string_view::npos;
  }
  return false;
}

} // namespace

bool takes_gzip(std::string_view accept_encoding) {
  auto any = false;
  while (!accept_encoding.empty()) {
    auto parameters = take_part(accept_encoding, ',');
    const auto coding = take_part(parameters, ';');
    if (same_letters(coding, "gzip") || same_letters(coding, "x-gzip"))
      return !is_refused(parameters);
    any = any || (coding == "*" && !is_refused(parameters));
  }
  return any;
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    auto each = take_part(if_none_match, ',');
    if (each.starts_with("W/"))
      each.remove_prefix(2);
    if (each == tag || each == "*")
      return true;
  }
  return false;
}

} // namespace muster
