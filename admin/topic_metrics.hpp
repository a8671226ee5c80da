#pragma once

#include "actors/interfaces.hpp"
#include "admin/prometheus.hpp"

namespace muster {

/// What the process counts of publishing and subscribing.
void put_pub_sub(prometheus_writer& out);

/// Of the topics that most was published to, so that the number of series has a bound.
void put_topics(prometheus_writer& out, const topic_list& topics);

} // namespace muster
