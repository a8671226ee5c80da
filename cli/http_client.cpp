#include "cli/http_client.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <chrono>
#include <exception>

namespace muster {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;

http::request<http::string_body> to_request(const http_call& call) {
  http::request<http::string_body> request;
  request.method_string(call.method);
  request.target(call.to.path + call.target);
  request.version(11);
  const bool v6 = call.to.host.find(':') != std::string::npos;
  const auto host = v6 ? '[' + call.to.host + ']' : call.to.host;
  request.set(http::field::host, host + ':' + call.to.port);
  request.set(http::field::user_agent, std::string{"muster/"} + version());
  request.set(http::field::accept, "application/json");
  request.set(http::field::connection, "close");
  if (!call.token.empty())
    request.set(http::field::authorization, "Bearer " + call.token);
  if (!call.body.empty()) {
    request.set(http::field::content_type, "application/json");
    request.body() = call.body;
  }
  request.prepare_payload();
  return request;
}

template <class Stream>
asio::awaitable<http_answer> ask(Stream& stream, const http_call& call) {
  const auto request = to_request(call);
  co_await http::async_write(stream, request, use_awaitable);
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::uint64_t{1} << 30);
  beast::flat_buffer buffer;
  co_await http::async_read(stream, buffer, parser, use_awaitable);
  http_answer answer{parser.get().result_int(), std::move(parser.get().body())};
  co_return answer;
}

asio::awaitable<http_answer> exchange(const http_call& call) {
  const auto executor = co_await asio::this_coro::executor;
  asio::ip::tcp::resolver resolver{executor};
  const auto found = co_await resolver.async_resolve(call.to.host, call.to.port, use_awaitable);
  beast::tcp_stream stream{executor};
  stream.expires_after(std::chrono::seconds{10});
  co_await stream.async_connect(found, use_awaitable);
  stream.expires_after(std::chrono::milliseconds{static_cast<long>(call.timeout_seconds * 1000)});
  if (!call.to.secure)
    co_return co_await ask(stream, call);
  asio::ssl::context tls{asio::ssl::context::tls_client};
  if (call.authorities.empty())
    tls.set_default_verify_paths();
  else
    tls.load_verify_file(call.authorities);
  beast::ssl_stream<beast::tcp_stream> secured{std::move(stream), tls};
  secured.set_verify_mode(asio::ssl::verify_peer);
  secured.set_verify_callback(asio::ssl::host_name_verification{call.to.host});
  SSL_set_tlsext_host_name(secured.native_handle(), call.to.host.c_str());
  co_await secured.async_handshake(asio::ssl::stream_base::client, use_awaitable);
  co_return co_await ask(secured, call);
}

} // namespace

std::optional<server_url> parse_url(std::string_view text) {
  server_url url;
  if (text.starts_with("https://"))
    url.secure = true;
  else if (!text.starts_with("http://"))
    return std::nullopt;
  text.remove_prefix(url.secure ? 8 : 7);
  const auto slash = std::min(text.find('/'), text.size());
  url.path = text.substr(slash);
  while (url.path.ends_with('/'))
    url.path.pop_back();
  auto authority = text.substr(0, slash);
  const bool v6 = authority.starts_with('[');
  const auto host_end = v6 ? authority.find(']') : std::min(authority.find(':'), authority.size());
  if (host_end == std::string_view::npos)
    return std::nullopt;
  url.host = authority.substr(v6 ? 1 : 0, host_end - (v6 ? 1 : 0));
  authority.remove_prefix(host_end + (v6 ? 1 : 0));
  if (authority.starts_with(':'))
    url.port = authority.substr(1);
  else if (authority.empty())
    url.port = url.secure ? "443" : "80";
  const bool digits = url.port.find_first_not_of("0123456789") == std::string::npos;
  if (url.host.empty() || url.port.empty() || !digits)
    return std::nullopt;
  return url;
}

http_answer perform(const http_call& call) {
  asio::io_context context;
  http_answer answer;
  std::exception_ptr fault;
  asio::co_spawn(context, exchange(call), [&](std::exception_ptr thrown, http_answer got) {
    fault = thrown;
    answer = std::move(got);
  });
  context.run();
  try {
    if (fault)
      std::rethrow_exception(fault);
  } catch (const boost::system::system_error& error) {
    const auto reason =
        error.code() == beast::error::timeout ? "no answer in time" : error.code().message();
    throw failure{exit_code::unreachable,
                  "cannot reach " + call.to.host + ':' + call.to.port + ": " + reason};
  }
  return answer;
}

} // namespace muster
