#include "net/websocket_session.hpp"

#include "net/deflate_websocket.hpp"
#include "net/plain_websocket.hpp"

#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/message.hpp>

#include <utility>

namespace muster {

namespace {

namespace beast = boost::beast;
namespace ws = beast::websocket;

beast::http::request<beast::http::empty_body> to_beast(const http_head& head) {
  beast::http::request<beast::http::empty_body> request{beast::http::verb::get, head.path, 11};
  for (const auto& [name, value] : head.headers)
    request.insert(name, value);
  return request;
}

/// The answer to the upgrade, which Beast gives; it decides who reads what comes after.
class handshake final : public std::enable_shared_from_this<handshake> {
public:
  handshake(corked_stream stream, connection_actor owner)
      : ws_{std::move(stream)}, owner_{std::move(owner)} {}

  void begin(const http_head& request, bool deflate, std::string server) {
    ws::permessage_deflate compression;
    compression.server_enable = deflate;
    ws_.set_option(compression);
    const bool named = request.has_token("sec-websocket-protocol", "muster.v1");
    ws_.set_option(ws::stream_base::decorator(
        [this, named, server = std::move(server)](ws::response_type& response) {
          response.set(beast::http::field::connection, "Upgrade");
          response.set(beast::http::field::server, server);
          if (named)
            response.set(beast::http::field::sec_websocket_protocol, "muster.v1");
          deflates_ = response.count(beast::http::field::sec_websocket_extensions) != 0;
        }));
    ws_.async_accept(
        to_beast(request),
        [self = shared_from_this()](boost::system::error_code failure) { self->done(failure); });
  }

private:
  void done(boost::system::error_code failure) {
    auto* const stream = &ws_.next_layer();
    if (!failure && deflates_) {
      std::make_shared<deflate_websocket>(std::move(ws_), std::move(owner_))->open();
    } else if (!failure) {
      std::make_shared<plain_websocket>(std::move(*stream), std::move(owner_))->open();
    } else {
      auto& where = stream->where();
      stream->finish();
      wire_closed gone;
      gone.error = failure.message();
      take_turn(owner_, where, std::move(gone));
    }
  }

  deflate_websocket::beast_stream ws_;
  connection_actor owner_;
  bool deflates_ = false;
};

} // namespace

void start_websocket(websocket_start start) {
  std::make_shared<handshake>(std::move(start.stream), std::move(start.owner))
      ->begin(start.request, start.deflate, std::move(start.server));
}

} // namespace muster
