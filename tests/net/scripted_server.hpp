#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace muster::test {

/// A server for clients under test: every connection runs the script on a thread of its own.
class scripted_server {
public:
  using socket = boost::asio::ip::tcp::socket;
  using script = std::function<void(socket&, int number)>;

  explicit scripted_server(script what) : script_{std::move(what)} {
    accepting_ = std::thread{[this] { accept(); }};
  }
  ~scripted_server() {
    stopping_ = true;
    boost::system::error_code ignored;
    socket knock{io_};
    knock.connect(acceptor_.local_endpoint(), ignored);
    accepting_.join();
    {
      std::lock_guard guard{mutex_};
      for (auto& each : sockets_)
        each->shutdown(socket::shutdown_both, ignored);
    }
    for (auto& each : threads_)
      each.join();
  }

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  std::string url(std::string_view target = "/") const {
    return "http://127.0.0.1:" + std::to_string(port()) + std::string{target};
  }
  int connections() const { return connections_; }

  /// The next request's head and body (by Content-Length); empty at the end.
  static std::string read_request(socket& from) {
    std::string text;
    boost::system::error_code failure;
    auto size =
        boost::asio::read_until(from, boost::asio::dynamic_buffer(text), "\r\n\r\n", failure);
    if (failure)
      return {};
    auto at = text.find("Content-Length: ");
    auto body = at < size ? std::stoul(text.substr(at + 16)) : 0;
    if (text.size() < size + body)
      boost::asio::read(from, boost::asio::dynamic_buffer(text),
                        boost::asio::transfer_exactly(size + body - text.size()), failure);
    return text;
  }
  static void send(socket& to, std::string_view text) {
    boost::system::error_code ignored;
    boost::asio::write(to, boost::asio::buffer(text), ignored);
  }
  /// Until the other side ends.
  static void wait_for_end(socket& on) {
    char bytes[4096];
    boost::system::error_code failure;
    while (!failure)
      on.read_some(boost::asio::buffer(bytes), failure);
  }

private:
  void accept() {
    for (;;) {
      auto next = std::make_shared<socket>(io_);
      boost::system::error_code failure;
      acceptor_.accept(*next, failure);
      if (stopping_ || failure)
        return;
      auto number = connections_++;
      std::lock_guard guard{mutex_};
      sockets_.push_back(next);
      threads_.emplace_back([this, next, number] {
        script_(*next, number);
        std::lock_guard closing{mutex_};
        boost::system::error_code ignored;
        next->shutdown(socket::shutdown_both, ignored);
        next->close(ignored);
      });
    }
  }

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
  script script_;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0};
  std::mutex mutex_;
  std::vector<std::shared_ptr<socket>> sockets_;
  std::vector<std::thread> threads_;
  std::thread accepting_;
};

} // namespace muster::test
