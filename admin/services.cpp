#include "admin/call.hpp"
#include "admin/json_writer.hpp"
#include "admin/resources.hpp"
#include "admin/small_list.hpp"

namespace muster {

namespace {

std::string show(const service_info& info) {
  json_writer json;
  json.begin_object().member("name", info.name).member("kind", info.kind);
  json.member("calls", info.calls).member("errors", info.errors);
  json.member("in_flight", info.in_flight).member("restarts", info.restarts);
  json.member("mean_ms", info.mean_ms).end_object();
  return json.take();
}

void list(const call_ptr& call) {
  call->ask<service_list>(
      call->addresses().services, list_services{}, [call](const service_list& all) {
        std::vector<list_item> items;
        for (const auto& info : all.items)
          items.push_back({info.name, show(info)});
        reply_list(*call, std::move(items),
                   {"name", "kind", "calls", "errors", "in_flight", "restarts", "mean_ms"}, "name");
      });
}

} // namespace

routes service_routes() {
  return {{"GET",
           "/api/v1/services",
           role::viewer,
           "Lists the services with their counters.",
           list,
           list_query(),
           {},
           false,
           200,
           "service_list"}};
}

} // namespace muster
