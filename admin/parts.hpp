#pragma once

#include "admin/endpoint.hpp"
#include "admin/idempotency.hpp"
#include "admin/rates.hpp"
#include "admin/router.hpp"

namespace muster {

/// What all calls of an endpoint share.
struct endpoint_parts {
  endpoint_options options;
  router routes;
  idempotency_actor keys;
  rates_actor rates;
};

} // namespace muster
