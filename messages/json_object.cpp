#include "messages/json_object.hpp"

#include "messages/errc.hpp"

#include <boost/json.hpp>

namespace muster {

namespace json = boost::json;

caf::expected<json::object> parse_json_object(std::string_view text) {
  if (const auto fault = check_json(text))
    return make_error(errc::bad_request, "The body is not valid JSON: " + std::string{fault.what}
                                             + " at byte " + std::to_string(fault.offset));
  json::error_code failed;
  json::parse_options options;
  options.max_depth = max_json_depth;
  auto value = json::parse({text.data(), text.size()}, failed, {}, options);
  if (failed || !value.is_object())
    return make_error(errc::bad_request, "The body must be a JSON object");
  return std::move(value.get_object());
}

void merge_patch(json::object& target, const json::object& patch) {
  for (const auto& member : patch) {
    if (member.value().is_null()) {
      target.erase(member.key());
    } else if (const auto* nested = member.value().if_object()) {
      auto& old = target[member.key()];
      if (!old.is_object())
        old.emplace_object();
      merge_patch(old.get_object(), *nested);
    } else {
      target[member.key()] = member.value();
    }
  }
}

} // namespace muster
