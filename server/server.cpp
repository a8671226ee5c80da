#include "server/server.hpp"

#include "actors/registry.hpp"
#include "actors/spawn.hpp"
#include "actors/supervisor.hpp"
#include "admin/endpoint.hpp"
#include "cli/cli.hpp"
#include "messages/attribute.hpp"
#include "messages/secret.hpp"
#include "net/front_desk.hpp"
#include "net/gates.hpp"
#include "net/http_client.hpp"
#include "net/http_server.hpp"
#include "net/listener.hpp"
#include "net/loops.hpp"
#include "net/proxy.hpp"
#include "net/resolver.hpp"
#include "net/tls.hpp"
#include "net/workers.hpp"
#include "server/logging.hpp"
#include "storage/database.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <future>
#include <thread>
#include <utility>

namespace muster {
namespace {

/// How long the start may wait for an actor.
constexpr auto start_patience = std::chrono::seconds{60};
/// Of 64 letters each: 96 bits.
constexpr std::size_t first_password_length = 16;

std::size_t loop_count(const config& settings) {
  return settings.loops != 0 ? settings.loops : std::max(1U, std::thread::hardware_concurrency());
}

/// The administrator's token of the environment; empty: none.
std::string given_token() {
  const char* given = std::getenv("MUSTER_ADMIN_TOKEN");
  return given ? given : "";
}

/// The first word on whether the start has worked.
class readiness {
public:
  void say(caf::error what) {
    if (!said_.test_and_set())
      promise_.set_value(std::move(what));
  }
  caf::error wait() { return promise_.get_future().get(); }

private:
  std::atomic_flag said_ = ATOMIC_FLAG_INIT;
  std::promise<caf::error> promise_;
};

} // namespace

/// Built from the first to the last, gone from the last to the first.
class server::parts {
public:
  parts(const config& settings) : hands{settings.workers}, threads{loop_count(settings), hands} {
    actor_config.add_error_category(caf::atom("muster"), render_error);
    threads.attach(actor_config);
    system = std::make_unique<caf::actor_system>(actor_config);
  }

  template <class Reply, class Handle, class Request>
  caf::expected<Reply> ask(const Handle& whom, Request request) {
    caf::expected<Reply> result{caf::none};
    caf::scoped_actor asker{*system};
    asker->request(whom, start_patience, std::move(request))
        .receive([&](Reply& reply) { result = std::move(reply); },
                 [&](caf::error& why) { result = std::move(why); });
    return result;
  }

  workers hands;
  loops threads;
  caf::actor_system_config actor_config;
  std::unique_ptr<caf::actor_system> system;
  std::unique_ptr<resolver> names;
  std::unique_ptr<http_client> http;
  std::shared_ptr<storage> database;
  std::unique_ptr<gates> doors;
  std::shared_ptr<tls_context> admin_tls;
  std::unique_ptr<http_server> admin;
  std::shared_ptr<listener> admin_listener;
  supervisor_actor root;
  std::atomic<bool> draining{false};
};

server::server(config settings, std::vector<service_definition> services,
               std::function<void(const std::string&)> fatal)
    : settings_{std::move(settings)}, services_{std::move(services)}, fatal_{std::move(fatal)} {}

server::~server() {
  stop();
}

caf::error server::start() {
  set_server_identity(settings_.server_name);
  auto database = open_database(settings_.data_dir);
  if (!database)
    return std::move(database.error());
  parts_ = std::make_unique<parts>(settings_);
  auto& p = *parts_;
  p.database = std::move(*database);
  p.names = std::make_unique<resolver>(p.threads[0].io());
  p.http = std::make_unique<http_client>(p.threads[0].io());
  auto trusted = address_set::parse(settings_.proxies.blocks);
  if (!trusted)
    return std::move(trusted.error());
  p.doors =
      std::make_unique<gates>(p.threads, std::move(*trusted), std::string{"muster/"} + version());
  // Whoever comes before the channels are there is told to come again.
  p.doors->drain(true);
  for (const auto& listener : settings_.listeners)
    if (auto why = p.doors->open(listener))
      return why;
  if (auto why = open_admin())
    return why;
  foundations ground{p.database, &p.hands, p.http.get(), p.names.get(), services_, {}, {}, {}, {}};
  ground.token = given_token();
  auto ready = std::make_shared<readiness>();
  const auto fatal = [tell = fatal_, ready](const std::string& reason) {
    tell(reason);
    ready->say(make_error(errc::internal, reason));
  };
  ground.channels = {p.doors.get(), settings_.channels_json, fatal};
  ground.topics = {settings_.topics_json, fatal};
  ground.announce = [&p](const house_ptr& addresses) { p.threads.publish(addresses); };
  p.root = spawn<supervisor>(*p.system, std::move(ground));
  p.threads.publish(addresses());
  // Answered when all channels are there.
  p.threads[0].post([&p, ready] {
    auto& desk = p.threads[0].desk();
    desk.ask<channel_list>(desk.addresses().channels, list_channels{}, start_patience,
                           [ready](const caf::expected<channel_list>& there) {
                             ready->say(there ? caf::error{} : there.error());
                           });
  });
  if (auto why = ready->wait())
    return why;
  if (auto why = make_first_token())
    return why;
  if (auto why = make_first_user())
    return why;
  p.doors->drain(false);
  start_admin();
  return {};
}

// A token of the environment is for automation; without one the first start makes one and shows it.
caf::error server::make_first_token() {
  const auto accounts = addresses()->accounts;
  if (const auto given = given_token(); !given.empty()) {
    auto kept =
        parts_->ask<token_created>(accounts, create_token{"environment", role::admin, given});
    return kept ? caf::error{} : std::move(kept.error());
  }
  auto known = parts_->ask<token_list>(accounts, list_tokens{});
  if (!known)
    return std::move(known.error());
  if (!known->items.empty())
    return {};
  auto made = parts_->ask<token_created>(accounts, create_token{"first", role::admin, {}});
  if (!made)
    return std::move(made.error());
  first_.token = made->token;
  return {};
}

// Whoever has just got the first token can sign in to the dashboard too.
caf::error server::make_first_user() {
  const auto accounts = addresses()->accounts;
  const auto known = parts_->ask<user_list>(accounts, list_users{});
  if (!known)
    return known.error();
  lacks_users_ = known->items.empty();
  if (!lacks_users_ || first_.token.empty())
    return {};
  auto password = random_token().substr(0, first_password_length);
  const auto made = parts_->ask<user>(accounts, create_user{"admin", password, role::admin});
  if (!made)
    return made.error();
  first_.password = std::move(password);
  lacks_users_ = false;
  return {};
}

caf::error server::open_admin() {
  auto& p = *parts_;
  if (settings_.admin.tls) {
    auto made = tls_context::serve(*settings_.admin.tls);
    if (!made)
      return std::move(made.error());
    p.admin_tls = std::move(*made);
  }
  auto bound = listener::bind(p.threads, settings_.admin.address);
  if (!bound)
    return std::move(bound.error());
  p.admin_listener = std::move(*bound);
  return {};
}

void server::start_admin() {
  auto& p = *parts_;
  endpoint_options options;
  options.server_name = settings_.server_name;
  options.version = version();
  options.open_metrics = settings_.open_metrics;
  options.open_docs = settings_.open_docs;
  options.supervisor = p.root;
  options.workers = &p.hands;
  options.draining = [&p] { return p.draining.load(); };
  options.listeners = [this] { return listeners(); };
  options.loop_busy_seconds = [&p] {
    std::vector<double> busy;
    for (std::size_t i = 0; i < p.threads.size(); ++i)
      busy.push_back(std::chrono::duration<double>(p.threads[i].busy()).count());
    return busy;
  };
  options.incidents = logged_incidents;
  p.admin = std::make_unique<http_server>(make_admin_endpoint(*p.system, std::move(options)));
  p.admin_listener->start(
      [&p](incoming socket) { p.admin->accept(std::move(socket), p.admin_tls); });
}

void server::drain(duration window) {
  auto& p = *parts_;
  p.draining = true;
  p.doors->stop_accepting();
  caf::scoped_actor asker{*p.system};
  asker->request(p.root, window + std::chrono::seconds{15}, drain_connections{window})
      .receive([](const done&) {},
               [](const caf::error& why) { spdlog::warn("drain: {}", detail_of(why)); });
}

void server::stop() {
  if (!parts_)
    return;
  auto& p = *parts_;
  if (p.doors)
    p.doors->stop_accepting();
  if (p.admin_listener)
    p.admin_listener->stop();
  if (p.admin)
    p.admin->drain();
  if (p.root)
    caf::anon_send_exit(p.root, caf::exit_reason::user_shutdown);
  // Their actors end with them; the actor system waits for that.
  p.threads.drop_connections();
  p.root = nullptr;
  p.admin = nullptr;
  p.doors = nullptr;
  parts_ = nullptr;
}

void server::reload_certificates() {
  if (auto why = parts_->doors->reload_tls())
    spdlog::error("the old certificates stay: {}", detail_of(why));
  if (parts_->admin_tls)
    if (auto why = parts_->admin_tls->reload())
      spdlog::error("the old certificate of the admin endpoint stays: {}", detail_of(why));
}

std::vector<bound_listener> server::listeners() const {
  auto all = parts_->doors->bound();
  all.push_back(admin());
  return all;
}

bound_listener server::admin() const {
  return {"admin", parts_->admin_listener->address(), settings_.admin.tls.has_value()};
}

std::vector<channel_info> server::channels() {
  auto all = parts_->ask<channel_list>(addresses()->channels, list_channels{});
  return all ? std::move(all->items) : std::vector<channel_info>{};
}

house_ptr server::addresses() {
  auto found = parts_->ask<house_ptr>(parts_->root, find_house{});
  return found ? *found : nullptr;
}

caf::actor_system& server::system() {
  return *parts_->system;
}

} // namespace muster
