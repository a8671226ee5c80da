#pragma once

#include "net/http.hpp"

#include <functional>
#include <string_view>

namespace muster {

/// Whether the path is one of those that publish and subscribe over HTTP.
bool is_pubsub_path(std::string_view path);

/// Answers requests on listeners for WebSockets: publishes, subscribes, hands out what waits.
/// `draining` says on any thread whether there is no more of that.
http_handler pubsub_handler(std::function<bool()> draining);

/// The answer to a request that failed, with a sentence for the one who sent it.
http_response pubsub_refusal(std::uint16_t status, std::string_view details);

} // namespace muster
