#pragma once

#include "actors/interfaces.hpp"
#include "admin/endpoint.hpp"

#include <string>

namespace muster {

/// Everything that is counted, in Prometheus' text format.
std::string metrics_text(const endpoint_options& options, const channel_list& channels,
                         const service_list& services, const topic_list& topics);

} // namespace muster
