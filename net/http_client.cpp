#include "net/http_client.hpp"

#include "net/dns_client.hpp"
#include "net/http_head.hpp"
#include "net/url.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <array>
#include <deque>
#include <limits>
#include <map>
#include <optional>
#include <set>

#include <cerrno>
#include <sys/socket.h>

namespace muster {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::uint32_t max_answer_head = 65536;

/// One connection to a server, in use or kept.
struct connection {
  explicit connection(asio::io_context& loop)
      : socket{loop}, buffer{std::numeric_limits<std::uint32_t>::max()} {}

  /// Whether a kept connection can still be used: the server has neither closed it nor, without
  /// being asked, said anything.
  bool usable() {
    char byte = 0;
    auto got = recv(socket.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got < 0)
      return errno == EAGAIN;
    // TLS 1.3 may have sent tickets.
    return got > 0 && tls.has_value();
  }
  void close() {
    boost::system::error_code ignored;
    socket.close(ignored);
  }

  tcp::socket socket;
  std::optional<asio::ssl::stream<tcp::socket&>> tls;
  boost::beast::flat_buffer buffer;
  deadline kept_since{};
};

using connection_ptr = std::shared_ptr<connection>;

/// One call, from the asking to its answer.
struct pending_call {
  pending_call(asio::io_context& loop, outgoing_request r, http_caller::callback d)
      : request{std::move(r)}, done{std::move(d)}, timeout{loop}, named{loop} {}

  void settle(caf::error error, outgoing_response response = {}) {
    if (!done)
      return;
    auto callback = std::exchange(done, nullptr);
    timeout.cancel();
    named.cancel();
    if (using_now)
      using_now->close();
    callback(std::move(error), std::move(response));
  }
  bool settled() const { return !done; }

  outgoing_request request;
  http_caller::callback done;
  http_url target;
  asio::steady_timer timeout;
  /// Cancelled when the addresses are there.
  asio::steady_timer named;
  std::vector<std::string> addresses;
  connection_ptr using_now;
};

using call_ptr = std::shared_ptr<pending_call>;

/// How an exchange on a connection ended.
struct exchange_result {
  std::string failure;
  /// The server has said something, so that the request must not be sent again.
  bool heard = false;
  bool keep = false;
  outgoing_response response;
};

bool reserved(std::string_view name) {
  for (auto own : {"host", "content-length", "connection", "transfer-encoding", "user-agent"})
    if (same_letters(name, own))
      return true;
  return false;
}

/// The request's head; control characters within values become blanks.
std::string head_of(const outgoing_request& request, const http_url& target) {
  auto head = request.method + ' ' + target.target + " HTTP/1.1\r\nHost: " + target.authority()
              + "\r\nUser-Agent: muster\r\n";
  if (!request.body.empty() || (request.method != "GET" && request.method != "HEAD"))
    head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
  for (auto& [name, value] : request.headers) {
    if (reserved(name) || !is_header_name(name))
      continue;
    auto start = head.size();
    head += name + ": " + value;
    std::replace_if(
        head.begin() + static_cast<std::ptrdiff_t>(start), head.end(),
        [](char c) { return (c >= 0 && c < 0x20) || c == 0x7f; }, ' ');
    head += "\r\n";
  }
  return head += "\r\n";
}

using answer_parser = http::response_parser<http::string_body>;

/// Sends the request and reads the answer to it, past interim ones.
template <class Stream>
asio::awaitable<exchange_result> exchange(Stream& stream, connection& on, call_ptr call,
                                          std::size_t max_body) {
  exchange_result result;
  auto head = head_of(call->request, call->target);
  std::array<asio::const_buffer, 2> whole{asio::buffer(head), asio::buffer(call->request.body)};
  // A server may refuse before it has read everything, so its answer is read in any case.
  auto [write_error, written] = co_await asio::async_write(stream, whole, no_throw);
  for (;;) {
    answer_parser parser;
    parser.body_limit(max_body);
    parser.header_limit(max_answer_head);
    parser.skip(call->request.method == "HEAD");
    auto [error, size] = co_await http::async_read(stream, on.buffer, parser, no_throw);
    result.heard = result.heard || size > 0 || parser.got_some();
    if (error) {
      result.failure = write_error ? write_error.message() : error.message();
      co_return result;
    }
    auto& message = parser.get();
    if (message.result_int() / 100 == 1 && message.result_int() != 101)
      continue;
    result.keep = !write_error && message.keep_alive() && !message.need_eof()
                  && on.buffer.size() == 0 && message.result_int() != 101
                  && !(message.chunked() && message.count(http::field::content_length) > 0);
    result.response.status = static_cast<std::uint16_t>(message.result_int());
    result.response.content_type = std::string{message[http::field::content_type]};
    result.response.body = std::move(message.body());
    co_return result;
  }
}

caf::error failed(const pending_call& call, const std::string& why) {
  return make_error(errc::bad_gateway, call.target.origin() + ": " + why);
}

} // namespace

class http_client::core : public std::enable_shared_from_this<core> {
public:
  core(asio::io_context& loop, limits bounds)
      : loop_{loop}, bounds_{std::move(bounds)}, tls_{asio::ssl::context::tls_client},
        sweeper_{loop}, names_{std::make_unique<dns_client>(dns_client::settings{})} {
    boost::system::error_code ignored;
    tls_.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1
                         | asio::ssl::context::no_tlsv1_1,
                     ignored);
    tls_.set_default_verify_paths(ignored);
    tls_.set_verify_mode(asio::ssl::verify_peer, ignored);
    if (!bounds_.extra_certificates.empty())
      tls_.load_verify_file(bounds_.extra_certificates);
  }

  asio::io_context& loop() { return loop_; }

  void start(outgoing_request request, callback done) {
    auto call = std::make_shared<pending_call>(loop_, std::move(request), std::move(done));
    auto target = parse_http_url(call->request.url);
    if (stopped_ || !target || !is_header_name(call->request.method)) {
      call->settle(stopped_ ? make_error(errc::unavailable)
                            : make_error(errc::bad_gateway, "this is no URL that can be called"));
      return;
    }
    call->target = std::move(*target);
    auto& from = origins_[call->target.origin()];
    if (from.active >= bounds_.connections_per_origin
        && from.waiting.size() >= bounds_.waiting_per_origin) {
      call->settle(make_error(errc::unavailable, "too many calls wait for that server"));
      return;
    }
    calls_.insert(call);
    call->timeout.expires_after(call->request.timeout);
    call->timeout.async_wait([self = shared_from_this(), call](auto error) {
      if (!error)
        self->too_late(call);
    });
    if (from.active < bounds_.connections_per_origin)
      run(call, from);
    else
      from.waiting.push_back(call);
  }

  void stop() {
    stopped_ = true;
    names_.reset();
    sweeper_.cancel();
    for (auto& [name, from] : origins_) {
      from.idle.clear();
      from.waiting.clear();
    }
    for (auto& call : std::exchange(calls_, {}))
      call->settle(make_error(errc::unavailable));
  }

private:
  struct origin {
    std::deque<connection_ptr> idle;
    std::deque<call_ptr> waiting;
    std::size_t active = 0;
  };

  void too_late(const call_ptr& call) {
    if (auto from = origins_.find(call->target.origin()); from != origins_.end())
      std::erase(from->second.waiting, call);
    calls_.erase(call);
    call->settle(make_error(errc::timed_out, call->target.origin() + " did not answer in time"));
  }

  void run(call_ptr call, origin& from) {
    ++from.active;
    asio::co_spawn(loop_, serve(call),
                   [self = shared_from_this(), call](std::exception_ptr thrown) {
                     self->finished(call, thrown != nullptr);
                   });
  }

  void finished(const call_ptr& call, bool threw) {
    calls_.erase(call);
    call->using_now.reset();
    if (threw)
      call->settle(make_error(errc::internal));
    auto place = origins_.find(call->target.origin());
    auto& from = place->second;
    --from.active;
    if (!from.waiting.empty() && !stopped_) {
      auto next = std::move(from.waiting.front());
      from.waiting.pop_front();
      run(next, from);
    } else if (from.active == 0 && from.idle.empty()) {
      origins_.erase(place);
    }
  }

  asio::awaitable<void> serve(call_ptr call) {
    bool retried = false;
    for (;;) {
      auto on = retried ? nullptr : take_idle(call->target.origin());
      bool reused = on != nullptr;
      if (!on) {
        on = std::make_shared<connection>(loop_);
        call->using_now = on;
        if (auto failure = co_await connect(*on, call); !failure.empty()) {
          call->settle(failed(*call, failure));
          co_return;
        }
      }
      call->using_now = on;
      exchange_result result;
      if (on->tls)
        result = co_await exchange(*on->tls, *on, call, bounds_.answer_bytes);
      else
        result = co_await exchange(on->socket, *on, call, bounds_.answer_bytes);
      call->using_now.reset();
      if (call->settled())
        co_return;
      if (result.failure.empty()) {
        if (result.keep)
          keep(call->target.origin(), std::move(on));
        call->settle({}, std::move(result.response));
        co_return;
      }
      if (!reused || result.heard) {
        call->settle(failed(*call, result.failure));
        co_return;
      }
      retried = true;
    }
  }

  /// Says what went wrong; empty when the connection stands.
  asio::awaitable<std::string> connect(connection& on, call_ptr call) {
    co_await find_addresses(call);
    std::string failure = "the name has no address";
    for (auto& text : call->addresses) {
      if (call->settled())
        co_return "cancelled";
      boost::system::error_code bad;
      auto address = asio::ip::make_address(text, bad);
      if (bad)
        continue;
      on.close();
      auto [error] = co_await on.socket.async_connect({address, call->target.port}, no_throw);
      failure = error ? error.message() : std::string{};
      if (!error)
        break;
    }
    if (!failure.empty() || call->settled())
      co_return failure.empty() ? std::string{"cancelled"} : failure;
    on.socket.set_option(tcp::no_delay{true});
    if (call->target.secure)
      failure = co_await secure(on, call);
    co_return failure;
  }

  asio::awaitable<std::string> secure(connection& on, call_ptr call) {
    auto& host = call->target.host;
    on.tls.emplace(on.socket, tls_);
    boost::system::error_code literal;
    asio::ip::make_address(host, literal);
    if (literal)
      SSL_set_tlsext_host_name(on.tls->native_handle(), host.c_str());
    on.tls->set_verify_callback(asio::ssl::host_name_verification{host});
    auto [error] = co_await on.tls->async_handshake(asio::ssl::stream_base::client, no_throw);
    co_return error ? error.message() : std::string{};
  }

  asio::awaitable<void> find_addresses(call_ptr call) {
    auto& host = call->target.host;
    boost::system::error_code bad;
    asio::ip::make_address(host, bad);
    if (!bad) {
      call->addresses = {host};
      co_return;
    }
    if (call->settled() || !names_)
      co_return;
    call->named.expires_at(deadline::max());
    names_->addresses_of(host, [weak = weak_from_this(), call](auto, auto found) mutable {
      auto self = weak.lock();
      if (!self)
        return;
      // The loop gets the reference too: this thread must not be the one to end what owns it.
      auto& loop = self->loop_;
      asio::post(loop, [self = std::move(self), call = std::move(call),
                        found = std::move(found)]() mutable {
        call->addresses = std::move(found);
        call->named.cancel();
      });
    });
    co_await call->named.async_wait(no_throw);
  }

  connection_ptr take_idle(const std::string& name) {
    auto& idle = origins_[name].idle;
    while (!idle.empty()) {
      auto newest = std::move(idle.back());
      idle.pop_back();
      if (newest->usable())
        return newest;
    }
    return nullptr;
  }

  void keep(const std::string& name, connection_ptr on) {
    if (stopped_)
      return;
    on->kept_since = std::chrono::steady_clock::now();
    on->buffer.shrink_to_fit();
    origins_[name].idle.push_back(std::move(on));
    if (!sweeping_)
      sweep_later();
  }

  void sweep_later() {
    sweeping_ = true;
    sweeper_.expires_after(bounds_.idle);
    sweeper_.async_wait([weak = weak_from_this()](auto error) {
      if (auto self = weak.lock(); self && !error)
        self->sweep();
    });
  }

  /// Closes what nobody has used for long; the oldest stand in front.
  void sweep() {
    auto oldest = std::chrono::steady_clock::now() - bounds_.idle;
    bool left = false;
    for (auto i = origins_.begin(); i != origins_.end();) {
      auto& [name, from] = *i;
      while (!from.idle.empty() && from.idle.front()->kept_since <= oldest)
        from.idle.pop_front();
      left = left || !from.idle.empty();
      bool unused = from.idle.empty() && from.active == 0 && from.waiting.empty();
      i = unused ? origins_.erase(i) : std::next(i);
    }
    sweeping_ = false;
    if (left)
      sweep_later();
  }

  asio::io_context& loop_;
  limits bounds_;
  asio::ssl::context tls_;
  asio::steady_timer sweeper_;
  std::unique_ptr<dns_client> names_;
  std::map<std::string, origin> origins_;
  std::set<call_ptr> calls_;
  bool sweeping_ = false;
  bool stopped_ = false;
};

http_client::http_client(asio::io_context& loop) : http_client{loop, limits{}} {}

http_client::http_client(asio::io_context& loop, limits bounds)
    : core_{std::make_shared<core>(loop, std::move(bounds))} {}

http_client::~http_client() {
  asio::post(core_->loop(), [core = core_] { core->stop(); });
}

void http_client::call(outgoing_request request, callback done) {
  asio::post(core_->loop(),
             [core = core_, request = std::move(request), done = std::move(done)]() mutable {
               core->start(std::move(request), std::move(done));
             });
}

} // namespace muster
