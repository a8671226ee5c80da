#include "net/pubsub_http.hpp"

#include "messages/ids.hpp"
#include "messages/json_scan.hpp"
#include "net/http_text.hpp"
#include "net/pubsub_call.hpp"

#include <utility>

namespace muster {

bool is_pubsub_path(std::string_view path) {
  return path.starts_with("/pubsub/") || path.starts_with("/zato/pubsub/");
}

http_handler pubsub_handler(std::function<bool()> draining) {
  return [draining = std::move(draining)](http_request request,
                                          std::shared_ptr<http_exchange> exchange) {
    if (!is_pubsub_path(request.path))
      exchange->respond(pubsub_refusal(404, "There is nothing at this path"));
    else if (draining())
      exchange->respond(pubsub_refusal(503, "The server takes no more requests, try again later"));
    else
      std::make_shared<pubsub_call>(std::move(request), std::move(exchange))->start();
  };
}

http_response pubsub_refusal(std::uint16_t status, std::string_view details) {
  http_response response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}};
  if (status == 401)
    response.headers.emplace_back("WWW-Authenticate", "Basic realm=\"muster\"");
  if (status == 503)
    response.headers.emplace_back("Retry-After", "5");
  response.body = R"({"is_ok":false,"cid":")" + random_id() + R"(","details":)"
                  + quoted(details.empty() ? status_phrase(status) : details) + '}';
  return response;
}

} // namespace muster
