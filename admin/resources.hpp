#pragma once

#include "admin/route.hpp"

#include <vector>

namespace muster {

struct endpoint_options;
using routes = std::vector<admin_route>;

// The routes of each resource, one file a resource.
routes channel_routes();
routes connection_routes();
routes attribute_routes();
routes connection_verb_routes();
routes bulk_routes();
routes operation_routes();
routes topic_routes();
routes topic_message_routes();
routes subscription_routes();
routes service_routes();
routes user_routes();
routes token_routes();
routes session_routes();
routes store_routes();
routes node_routes();
routes overview_routes();
routes incident_routes();
routes health_routes();
routes metrics_routes(const endpoint_options& options);
routes openapi_routes(const endpoint_options& options);
routes page_routes(const endpoint_options& options);
routes dashboard_routes();
routes live_routes();

/// All of them.
routes all_routes(const endpoint_options& options);

} // namespace muster
