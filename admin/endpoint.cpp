#include "admin/endpoint.hpp"

#include "actors/spawn.hpp"
#include "admin/call.hpp"
#include "admin/parts.hpp"
#include "admin/resources.hpp"

#include <caf/send.hpp>

#include <iterator>
#include <memory>

namespace muster {

routes all_routes(const endpoint_options& options) {
  routes out;
  const auto add = [&out](routes more) {
    out.insert(out.end(), std::make_move_iterator(more.begin()),
               std::make_move_iterator(more.end()));
  };
  add(channel_routes());
  add(connection_routes());
  add(attribute_routes());
  add(connection_verb_routes());
  add(bulk_routes());
  add(operation_routes());
  add(topic_routes());
  add(topic_message_routes());
  add(subscription_routes());
  add(service_routes());
  add(node_routes());
  add(overview_routes());
  add(incident_routes());
  add(user_routes());
  add(token_routes());
  add(session_routes());
  add(store_routes());
  add(live_routes());
  add(openapi_routes(options));
  add(health_routes());
  add(metrics_routes(options));
  add(page_routes(options));
  add(dashboard_routes());
  return out;
}

namespace {

// Hidden: the system does not wait for their end, which comes with that of the handler.

history_actor start_history(caf::actor_system& system, const endpoint_options& options) {
  auto process = options.workers != nullptr
                     ? spawn_on<process_watch, caf::hidden>(system, *options.workers)
                     : spawn<process_watch, caf::hidden>(system);
  return spawn<history, caf::hidden>(
      system, history_sources{options.supervisor, std::move(process), options.loop_busy_seconds});
}

/// Ends the actor with its last copy: one that wakes itself would go on for ever.
std::shared_ptr<void> end_with_handler(history_actor whom) {
  return {nullptr, [whom = std::move(whom)](void*) {
            caf::anon_send_exit(whom, caf::exit_reason::user_shutdown);
          }};
}

} // namespace

http_handler make_admin_endpoint(caf::actor_system& system, endpoint_options options) {
  auto keys = spawn<idempotency, caf::hidden>(system);
  auto past = start_history(system, options);
  router all{all_routes(options)};
  const auto parts = std::make_shared<const endpoint_parts>(
      endpoint_parts{std::move(options), std::move(all), std::move(keys), past});
  return [parts, ender = end_with_handler(past)](http_request request,
                                                 std::shared_ptr<http_exchange> exchange) {
    std::make_shared<admin_call>(parts, std::move(request), std::move(exchange))->dispatch();
  };
}

} // namespace muster
