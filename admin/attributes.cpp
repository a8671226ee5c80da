// What is known of connections: the fields of selectors and the columns of lists.

#include "messages/attribute.hpp"

#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"

namespace muster {

namespace {

std::string show(const attribute& what) {
  json_writer json;
  json.begin_object().member("name", what.name).member("kind", to_string(what.kind));
  // The list sorts by any.
  json.member("sortable", true).member("derived", what.derived).member("about", what.about);
  json.end_object();
  return json.take();
}

void list(const call_ptr& call) {
  std::vector<std::string> items;
  for (const auto& each : attributes())
    items.push_back(show(each));
  call->reply(whole_list(items));
}

} // namespace

routes attribute_routes() {
  return {{"GET",
           "/api/v1/attributes",
           role::viewer,
           "Lists the attributes of connections, for selectors and columns.",
           list,
           {},
           {},
           false,
           200,
           "attribute_list"}};
}

} // namespace muster
