#include "admin/endpoint.hpp"

#include "actors/spawn.hpp"
#include "admin/call.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"

#include <iterator>

namespace muster {

routes all_routes(const endpoint_options& options) {
  routes out;
  const auto add = [&out](routes more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  };
  add(channel_routes());
  add(connection_routes());
  add(connection_verb_routes());
  add(bulk_routes());
  add(operation_routes());
  add(topic_routes());
  add(topic_message_routes());
  add(subscription_routes());
  add(service_routes());
  add(node_routes());
  add(user_routes());
  add(token_routes());
  add(session_routes());
  add(store_routes());
  add(openapi_routes(options));
  add(health_routes());
  add(metrics_routes(options));
  add(page_routes(options));
  return out;
}

http_handler make_admin_endpoint(caf::actor_system& system, endpoint_options options) {
  // Hidden: the system does not wait for their end, which comes with that of the handler.
  auto keys = spawn<idempotency, caf::hidden>(system);
  auto rate_keeper = spawn<rates, caf::hidden>(system);
  router all{all_routes(options)};
  const auto parts = std::make_shared<const endpoint_parts>(
      endpoint_parts{std::move(options), std::move(all), std::move(keys), std::move(rate_keeper)});
  return [parts](http_request request, std::shared_ptr<http_exchange> exchange) {
    std::make_shared<admin_call>(parts, std::move(request), std::move(exchange))->dispatch();
  };
}

} // namespace muster
