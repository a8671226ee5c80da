#pragma once

#include "admin/endpoint.hpp"
#include "admin/history.hpp"
#include "admin/idempotency.hpp"
#include "admin/router.hpp"

#include <atomic>
#include <memory>

namespace muster {

/// What all calls of an endpoint share.
struct endpoint_parts {
  endpoint_options options;
  router routes;
  idempotency_actor keys;
  history_actor history;
  /// How many live streams there are.
  std::shared_ptr<std::atomic<std::size_t>> live_streams =
      std::make_shared<std::atomic<std::size_t>>(0);
};

} // namespace muster
