// The only file of the command line that knows Beast's WebSocket.

#include "cli/websocket_client.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"
#include "cli/text.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include <chrono>
#include <exception>
#include <memory>

namespace muster {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;
using asio::use_awaitable;
using boost::system::error_code;

constexpr auto no_throw = asio::experimental::as_tuple(use_awaitable);
constexpr auto connect_time = std::chrono::seconds{10};
/// Without a sign of life for so long the server is gone; half of it is for a Ping of ours.
constexpr auto silence = std::chrono::seconds{120};
/// A delivery may be a list of many long messages.
constexpr std::size_t longest_text = std::size_t{1} << 30;

std::string place_of(const server_url& to) {
  const bool v6 = to.host.find(':') != std::string::npos;
  return (v6 ? '[' + to.host + ']' : to.host) + ':' + to.port;
}

failure no_connection(const server_url& to, const error_code& error) {
  return {exit_code::unreachable,
          "cannot reach " + place_of(to) + ": "
              + (error == beast::error::timeout ? "no answer in time" : error.message())};
}

/// One conversation: its parts, and how it ends.
class talk {
public:
  talk(asio::io_context& context, const server_url& to, const conversation& partner)
      : context_{context}, signals_{context, SIGINT, SIGTERM}, to_{to}, partner_{partner} {}

  websocket_end end;

  asio::awaitable<void> run(const std::string& authorities) {
    interrupt_with([this] { context_.stop(); });
    asio::ip::tcp::resolver resolver{context_};
    const auto found = co_await resolver.async_resolve(to_.host, to_.port, use_awaitable);
    beast::tcp_stream stream{context_};
    stream.expires_after(connect_time);
    co_await stream.async_connect(found, use_awaitable);
    stream.expires_never();
    if (!to_.secure) {
      auto socket = std::make_shared<websocket::stream<beast::tcp_stream>>(std::move(stream));
      co_await over(socket);
    } else {
      asio::ssl::context tls{asio::ssl::context::tls_client};
      if (authorities.empty())
        tls.set_default_verify_paths();
      else
        tls.load_verify_file(authorities);
      using secured = beast::ssl_stream<beast::tcp_stream>;
      auto socket = std::make_shared<websocket::stream<secured>>(std::move(stream), tls);
      auto& layer = socket->next_layer();
      layer.set_verify_mode(asio::ssl::verify_peer);
      layer.set_verify_callback(asio::ssl::host_name_verification{to_.host});
      SSL_set_tlsext_host_name(layer.native_handle(), to_.host.c_str());
      beast::get_lowest_layer(*socket).expires_after(connect_time);
      co_await layer.async_handshake(asio::ssl::stream_base::client, use_awaitable);
      beast::get_lowest_layer(*socket).expires_never();
      co_await over(socket);
    }
  }
  /// No signal is waited for any more.
  void stop_watching() { signals_.cancel(); }

private:
  /// What the first signal does; a second one ends the process.
  void interrupt_with(std::function<void()> what) {
    on_signal_ = std::move(what);
    if (std::exchange(watching_, true))
      return;
    signals_.async_wait([this](const error_code& error, int) {
      if (error)
        return;
      end.by_us = true;
      signals_.clear();
      on_signal_();
    });
  }

  template <class Socket>
  asio::awaitable<void> over(const Socket& socket) {
    co_await shake_hands(*socket);
    // The handler keeps the socket: the Close may outlive the conversation.
    interrupt_with([socket] {
      socket->async_close(websocket::close_code::normal, [socket](const error_code&) {});
    });
    std::exception_ptr fault;
    try {
      co_await talk_over(*socket);
    } catch (const failure&) {
      fault = std::current_exception();
    }
    if (socket->is_open())
      co_await socket->async_close(websocket::close_code::normal, no_throw);
    on_signal_ = [] {};
    if (fault)
      std::rethrow_exception(fault);
  }

  template <class Stream>
  asio::awaitable<void> shake_hands(websocket::stream<Stream>& socket) {
    socket.set_option(websocket::stream_base::timeout{connect_time, silence, true});
    socket.set_option(websocket::stream_base::decorator([](websocket::request_type& request) {
      request.set(beast::http::field::user_agent, std::string{"muster/"} + version());
    }));
    socket.read_message_max(longest_text);
    websocket::response_type answer;
    // Names for them: g++ 12 loses temporaries of a co_await.
    const auto host = place_of(to_);
    const std::string path = to_.path.empty() ? "/" : to_.path;
    const auto [error] = co_await socket.async_handshake(answer, host, path, no_throw);
    if (error == websocket::error::upgrade_declined)
      throw failure{exit_code_of(answer.result_int()),
                    "there is no WebSocket for us at " + place_of(to_) + harmless(to_.path) + ": "
                        + std::to_string(answer.result_int()) + ' '
                        + harmless(std::string{answer.reason()})};
    if (error)
      throw no_connection(to_, error);
  }

  template <class Stream>
  asio::awaitable<void> talk_over(websocket::stream<Stream>& socket) {
    beast::flat_buffer buffer;
    auto words = partner_({});
    while (!end.by_us) {
      for (const auto& text : words.send) {
        const auto [error, size] = co_await socket.async_write(asio::buffer(text), no_throw);
        if (error)
          co_return judge(socket, error);
      }
      if (words.over) {
        end.by_us = true;
        co_return;
      }
      const auto [error, size] = co_await socket.async_read(buffer, no_throw);
      if (error)
        co_return judge(socket, error);
      const auto content = buffer.cdata();
      words = partner_({static_cast<const char*>(content.data()), content.size()});
      buffer.consume(buffer.size());
    }
  }

  /// Why it went no further.
  template <class Stream>
  void judge(websocket::stream<Stream>& socket, const error_code& error) {
    if (end.by_us)
      return;
    if (error != websocket::error::closed)
      throw failure{exit_code::unreachable, "the connection broke: " + error.message()};
    end.code = socket.reason().code;
    end.reason.assign(socket.reason().reason.data(), socket.reason().reason.size());
  }

  asio::io_context& context_;
  asio::signal_set signals_;
  const server_url& to_;
  const conversation& partner_;
  std::function<void()> on_signal_;
  bool watching_ = false;
};

} // namespace

std::optional<server_url> parse_websocket_url(std::string_view text) {
  const bool secure = text.starts_with("wss://");
  if (!secure && !text.starts_with("ws://"))
    return std::nullopt;
  text.remove_prefix(secure ? 6 : 5);
  const auto path = std::min(text.find_first_of("/?"), text.size());
  auto url = parse_url((secure ? "https://" : "http://") + std::string{text.substr(0, path)});
  if (url)
    url->path = text.substr(path);
  return url;
}

websocket_end converse(const server_url& to, const std::string& authorities,
                       const conversation& partner) {
  asio::io_context context;
  talk ours{context, to, partner};
  std::exception_ptr fault;
  asio::co_spawn(context, ours.run(authorities), [&](std::exception_ptr thrown) {
    fault = thrown;
    // A Close may still be on its way; the context ends with it.
    ours.stop_watching();
  });
  context.run();
  try {
    if (fault)
      std::rethrow_exception(fault);
  } catch (const boost::system::system_error& error) {
    throw no_connection(to, error.code());
  }
  return ours.end;
}

} // namespace muster
