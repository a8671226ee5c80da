#pragma once

#include "cli/admin_endpoint.hpp"

#include <string>

namespace muster {

/// Where clients of a channel connect, as a URL, from what the admin endpoint says of the channel
/// and its server. `host` is put in the place of "any address". A `failure` when there is nothing.
std::string channel_url(const boost::json::value& channel, const boost::json::value& node,
                        const std::string& host);

/// Asks the admin endpoint; an empty name stands for the only channel that there is.
std::string find_channel_url(const admin_endpoint& endpoint, const std::string& channel);

} // namespace muster
