#include "messages/json_field.hpp"

#include "messages/errc.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <limits>

namespace muster {

namespace json = boost::json;

namespace {

template <class T>
caf::error read_count(std::string_view field, const json::value& value, T& out) {
  json::error_code failed;
  const auto number = value.is_number() ? value.to_number<std::uint64_t>(failed) : 0;
  if (!value.is_number() || failed || number > std::numeric_limits<T>::max())
    return wrong_field(field, "must be a whole number of at least 0");
  out = static_cast<T>(number);
  return caf::none;
}

} // namespace

caf::error wrong_field(std::string_view field, std::string_view must) {
  return make_error(errc::bad_request,
                    "The field '" + std::string{field} + "' " + std::string{must},
                    std::string{field});
}

caf::error unknown_field(std::string_view field) {
  return wrong_field(field, "is unknown");
}

caf::error read(std::string_view field, const json::value& value, std::string& out) {
  if (!value.is_string())
    return wrong_field(field, "must be a text");
  out = text_of(value.get_string());
  return caf::none;
}

caf::error read(std::string_view field, const json::value& value, bool& out) {
  if (!value.is_bool())
    return wrong_field(field, "must be true or false");
  out = value.get_bool();
  return caf::none;
}

caf::error read(std::string_view field, const json::value& value, double& out) {
  if (!value.is_number())
    return wrong_field(field, "must be a number");
  out = value.to_number<double>();
  return caf::none;
}

caf::error read(std::string_view field, const json::value& value, std::uint32_t& out) {
  return read_count(field, value, out);
}

caf::error read(std::string_view field, const json::value& value, std::uint64_t& out) {
  return read_count(field, value, out);
}

caf::error read(std::string_view field, const json::value& value, std::vector<std::string>& out) {
  out.clear();
  const auto* const list = value.if_array();
  if (list == nullptr || !std::all_of(list->begin(), list->end(), [](const json::value& item) {
        return item.is_string() && !item.get_string().empty();
      }))
    return wrong_field(field, "must be a list of texts");
  for (const auto& item : *list)
    out.emplace_back(text_of(item.get_string()));
  return caf::none;
}

} // namespace muster
