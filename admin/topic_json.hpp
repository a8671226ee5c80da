#pragma once

#include "actors/interfaces.hpp"

#include <string>
#include <vector>

namespace muster {

// What the admin endpoint shows of topics, their messages and their subscriptions: one JSON object
// each.

std::string show(const topic_info& info);
/// The members of that object.
std::vector<std::string> topic_row_names();

std::string show(const publication& message);

std::string show(const subscription_info& info);
std::vector<std::string> subscription_row_names();

std::string show(const publisher_info& info);

} // namespace muster
