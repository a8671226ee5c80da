// What went wrong lately: the last warnings and errors of the log.

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"

#include <algorithm>

namespace muster {

namespace {

/// Of the same length for all, so that they order as texts as they do as numbers.
std::string id_of(const incident& what) {
  constexpr std::size_t digits = 12;
  const auto number = std::to_string(what.number);
  return std::string(digits - std::min(digits, number.size()), '0') + number;
}

std::string show(const incident& what) {
  json_writer json;
  json.begin_object().member("id", id_of(what)).member("at", what.at);
  json.member("level", what.level).member("text", what.text).end_object();
  return json.take();
}

void list(const call_ptr& call) {
  const auto& options = call->parts().options;
  std::vector<list_item> items;
  for (const auto& each : options.incidents ? options.incidents() : std::vector<incident>{})
    items.push_back({id_of(each), show(each)});
  reply_list(*call, std::move(items), {"id", "at", "level", "text"}, "-id");
}

} // namespace

routes incident_routes() {
  return {{"GET",
           "/api/v1/incidents",
           role::viewer,
           "Lists the last warnings and errors of this process.",
           list,
           list_query(),
           {},
           false,
           200,
           "incident_list"}};
}

} // namespace muster
