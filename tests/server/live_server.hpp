#pragma once

#include "actors/roll.hpp"
#include "server/process.hpp"
#include "server/server.hpp"
#include "tests/storage/scratch_directory.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace muster::test {

/// A whole server in this process, with the channels `demo` (for anyone) and `safe` (basic
/// security).
class live_server {
public:
  explicit live_server(std::vector<service_definition> services = {}) {
    spdlog::set_level(spdlog::level::off);
    raise_file_limit();
    config settings;
    settings.server_name = "test";
    settings.data_dir = directory_.path();
    settings.loops = 2;
    settings.listeners = {{"default", {"127.0.0.1", 0}, std::nullopt, false}};
    settings.admin.address = {"127.0.0.1", 0};
    settings.channels_json = {
        R"({"name":"demo","path":"/demo","services_allowed":["**"],)"
        R"("permissions":"pub=**\nsub=**"})",
        R"({"name":"safe","path":"/safe","services_allowed":["**"],"security":"basic",)"
        R"("credentials":[{"username":"user1","secret":"secret1"}]})"};
    whole = std::make_unique<server>(std::move(settings), std::move(services),
                                     [this](const std::string& reason) { note(reason); });
    if (auto why = whole->start())
      throw std::runtime_error{detail_of(why)};
    for (const auto& where : whole->listeners())
      if (where.name == "default")
        port = where.address.port;
  }

  template <class Reply, class Handle, class Request>
  caf::expected<Reply> try_ask(const Handle& whom, Request request) {
    caf::expected<Reply> result{caf::none};
    caf::scoped_actor asker{whole->system()};
    asker->request(whom, std::chrono::seconds{20}, std::move(request))
        .receive([&](Reply& reply) { result = std::move(reply); },
                 [&](caf::error& why) { result = std::move(why); });
    return result;
  }
  /// Throws, and so fails the test, when it is refused.
  template <class Reply, class Handle, class Request>
  Reply ask(const Handle& whom, Request request) {
    auto result = try_ask<Reply>(whom, std::move(request));
    if (!result)
      throw std::runtime_error{detail_of(result.error())};
    return std::move(*result);
  }

  template <class Handle>
  static void drill_into(const Handle& whom) {
    caf::anon_send(caf::actor_cast<caf::actor>(whom), drill{"drill"});
  }

  /// Has one of those who are there once fail, and waits for the one that comes after it.
  template <class Handle>
  void fail(Handle house::*who) {
    const auto before = (*whole->addresses()).*who;
    drill_into(before);
    if (!until([&] { return (*whole->addresses()).*who != before; }))
      throw std::runtime_error{"nobody took its place"};
  }
  void fail_channel(const std::string& name) {
    const auto before = channel_named(name).actor;
    drill_into(before);
    if (!until([&] { return channel_named(name).actor != before; }))
      throw std::runtime_error{"nobody took its place"};
  }

  channel_info channel_named(const std::string& name) {
    return ask<channel_info>(whole->addresses()->channels, find_channel{name});
  }

  std::shared_ptr<const roll_snapshot> roll() {
    return ask<snapshot_taken>(whole->addresses()->registry, take_snapshot{}).roll;
  }
  /// How many clients with a session are on the roll.
  std::size_t ready() {
    std::size_t found = 0;
    roll()->for_each([&](const roll_entry& on_roll, roll_ticket) {
      found += on_roll.row->state == connection_state::ready ? 1 : 0;
    });
    return found;
  }
  /// Its client's connection; throws when it is not on the roll.
  roll_entry entry_of(const std::string& client_id) {
    roll_entry found;
    roll()->for_each([&](const roll_entry& on_roll, roll_ticket) {
      if (on_roll.row->who->client_id == client_id)
        found = on_roll;
    });
    if (!found.row)
      throw std::runtime_error{client_id + " is not on the roll"};
    return found;
  }

  /// Asks again and again until it is true; false after ten seconds.
  template <class Predicate>
  static bool until(Predicate predicate) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!predicate())
      if (std::chrono::steady_clock::now() > end)
        return false;
    return true;
  }

  /// Why the server must stop; empty when it need not within ten seconds.
  std::string fatal_reason() {
    std::unique_lock lock{mutex_};
    told_.wait_for(lock, std::chrono::seconds{10}, [this] { return !reason_.empty(); });
    return reason_;
  }
  bool goes_on() {
    const std::lock_guard lock{mutex_};
    return reason_.empty();
  }

  std::uint16_t port = 0;

private:
  void note(const std::string& reason) {
    const std::lock_guard lock{mutex_};
    reason_ = reason;
    told_.notify_all();
  }

  scratch_directory directory_;
  std::mutex mutex_;
  std::condition_variable told_;
  std::string reason_;

public:
  std::unique_ptr<server> whole;
};

} // namespace muster::test
