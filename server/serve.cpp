#include "server/serve.hpp"

#include "cli/cli.hpp"
#include "server/logging.hpp"
#include "server/process.hpp"
#include "server/server.hpp"
#include "server/spare_memory.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <caf/actor_registry.hpp>
#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <utility>

namespace muster {
namespace {

/// A start names so many channels, and counts the others.
constexpr std::size_t shown_channels = 20;

std::string url_of(const char* scheme, const bound_listener& where) {
  return fmt::format("{}{}://{}", scheme, where.tls ? "s" : "", to_string(where.address));
}

/// One run of the server: waits for signals, and stops in order.
class watch {
public:
  watch(const config& settings, run_options options)
      : settings_{settings}, server_{settings, std::move(options.services),
                                     [this](const std::string& reason) {
                                       boost::asio::post(io_, [this, reason] { fail(reason); });
                                     }} {}

  int run() {
    // The listeners are open at the end of `start`; what is fatal meanwhile waits in the queue.
    if (auto why = server_.start()) {
      io_.poll();
      if (exit_code_ == 0)
        fail(detail_of(why));
      return exit_code_;
    }
    io_.poll();
    if (exit_code_ != 0)
      return exit_code_;
    print();
    log_start();
    notify_service_manager("READY=1");
    wait_for_signal();
    look_at_memory();
    io_.restart();
    io_.run();
    if (drainer_.joinable())
      drainer_.join();
    server_.stop();
    spdlog::info("stopped");
    return exit_code_;
  }

private:
  void print() {
    fmt::print("Muster {} is ready.\n", version());
    const auto listeners = server_.listeners();
    auto channels = server_.channels();
    std::erase_if(channels, [](const auto& channel) { return !channel.definition->is_active; });
    for (std::size_t i = 0; i < std::min(channels.size(), shown_channels); ++i)
      for (const auto& where : listeners)
        if (where.name == channels[i].definition->listener)
          fmt::print("  WebSocket    {}{}\n", url_of("ws", where), channels[i].definition->path);
    if (channels.size() > shown_channels)
      fmt::print("  ... and {} more channels\n", channels.size() - shown_channels);
    for (const auto& where : listeners)
      if (where.name != "admin")
        fmt::print("  Listening    {}  ({})\n", url_of("ws", where), where.name);
    if (const auto& first = server_.first(); !first.token.empty()) {
      fmt::print("  Admin token  (shown this once)  {}\n", first.token);
      if (!first.password.empty())
        fmt::print("  Sign in as   admin, password  (shown this once)  {}\n", first.password);
    }
    if (server_.lacks_users())
      fmt::print("  Sign in      needs a user: muster users add NAME --role admin\n");
    const auto admin = url_of("http", server_.admin());
    fmt::print("  Dashboard    {}/\n  Admin        {}\n", admin, admin);
    std::fflush(stdout);
  }

  void log_start() {
    spdlog::info("Muster {} is ready as {}, process {}, data in {}", version(),
                 settings_.server_name, getpid(), settings_.data_dir);
    for (const auto& where : server_.listeners())
      spdlog::info("listening on {} ({})", url_of(where.name == "admin" ? "http" : "ws", where),
                   where.name);
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code why, int number) {
      if (why)
        return;
      if (number == SIGHUP)
        reload();
      else if (!drainer_.joinable())
        drain();
      else
        end_at_once();
      wait_for_signal();
    });
  }

  // What a crowd of connections has left is given back by this thread, which has little else to do.
  void look_at_memory() {
    timer_.expires_after(spare_memory::interval);
    timer_.async_wait([this](boost::system::error_code why) {
      if (why)
        return;
      if (spare_memory_.look(server_.system().registry().running()))
        return_free_memory();
      look_at_memory();
    });
  }

  // The drain waits for actors, so it has a thread of its own; this one waits for a second signal.
  void drain() {
    spdlog::info("stopping: connections end over {} s; a second signal ends at once",
                 settings_.drain_seconds);
    notify_service_manager("STOPPING=1");
    drainer_ = std::thread{[this] {
      server_.drain(to_duration(settings_.drain_seconds));
      boost::asio::post(io_, [this] { io_.stop(); });
    }};
  }

  [[noreturn]] void end_at_once() {
    spdlog::warn("a second signal: ending at once");
    end_logging();
    std::_Exit(exit_code_);
  }

  void reload() {
    spdlog::info("reading certificates, log settings and the log file again");
    const auto again = load_config(settings_.sources);
    for (const auto& fault : again.faults)
      spdlog::error("configuration: {}: {}", fault.where, fault.what);
    try {
      set_up_logging(again.faults.empty() ? again.value.logging : settings_.logging);
    } catch (const std::exception& why) {
      spdlog::error("the log stays where it is: {}", why.what());
    }
    server_.reload_certificates();
  }

  void fail(const std::string& reason) {
    spdlog::critical("the server stops: {}", reason);
    fmt::print(stderr, "muster: {}\n", reason);
    exit_code_ = exit_code::failed;
    io_.stop();
  }

  config settings_;
  boost::asio::io_context io_{1};
  boost::asio::signal_set signals_{io_, SIGINT, SIGTERM, SIGHUP};
  boost::asio::steady_timer timer_{io_};
  spare_memory spare_memory_;
  std::thread drainer_;
  int exit_code_ = 0;
  server server_;
};

} // namespace

int serve(const config& settings, run_options options) {
  try {
    set_up_logging(settings.logging);
  } catch (const std::exception& why) {
    fmt::print(stderr, "muster: the log cannot be written: {}\n", why.what());
    return exit_code::failed;
  }
  spdlog::debug("{} files may be open at a time", raise_file_limit());
  std::signal(SIGPIPE, SIG_IGN);
  int code = 0;
  try {
    watch running{settings, std::move(options)};
    code = running.run();
  } catch (const std::exception& why) {
    fmt::print(stderr, "muster: {}\n", why.what());
    code = exit_code::failed;
  }
  end_logging();
  return code;
}

} // namespace muster
