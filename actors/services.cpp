#include "actors/services.hpp"

#include "actors/builtin.hpp"
#include "actors/gateway.hpp"
#include "actors/http_service.hpp"
#include "actors/pubsub_service.hpp"
#include "messages/errc.hpp"

#include <caf/send.hpp>

#include <spdlog/spdlog.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace muster {

namespace {

service_definition builtin(service_definition definition) {
  definition.kind = "builtin";
  return definition;
}

service_definition http_definition(const std::string& url, http_caller* http) {
  auto definition = make_service<http_service>(url, url, http);
  definition.kind = "http";
  return definition;
}

std::uint64_t read(const std::atomic<std::uint64_t>& gauge) {
  return gauge.load(std::memory_order_relaxed);
}

} // namespace

services::~services() {
  for (const auto& [service, what] : entries_)
    stop(what);
}

services_actor::behavior_type services::start(caf::execution_unit* workers,
                                              std::vector<service_definition> given,
                                              http_caller* http) {
  workers_ = workers;
  http_ = http;
  self_->set_down_handler([this](const caf::down_msg& down) { on_down(down); });
  const auto me = caf::actor_cast<services_actor>(self_);
  add_given(builtin(make_service<gateway>("gateway", me)));
  add_given(builtin(make_service<ping_service>("ping")));
  add_given(builtin(make_service<ping_service>("zato.ping")));
  add_given(builtin(make_service<echo_service>("echo")));
  for (const auto each : pubsub_service::names())
    add_given(builtin(make_service<pubsub_service>(std::string{each})));
  for (auto& definition : given)
    add_given(std::move(definition));
  return {
      [this](const find_service& question) { return find(question); },
      [this](const list_services&) { return list(); },
      [this](const house_ptr& addresses) {
        house_ = addresses;
        for (const auto& [service, what] : entries_)
          for (const auto& each : what.places)
            caf::anon_send(caf::actor_cast<caf::actor>(each.post.actor), house_);
      },
  };
}

caf::result<found_service> services::find(const find_service& question) {
  const auto& service = question.name;
  auto found = entries_.find(service);
  if (found != entries_.end()) {
    found->second.used = ++askings_;
    return found_service{post_for(found->second, question.where)};
  }
  if (!is_url(service))
    return make_error(errc::not_found, "No such service");
  if (auto fault = check_url(service))
    return fault;
  if (urls_ >= max_urls && !make_room())
    return make_error(errc::unavailable, "Too many HTTP services are in use");
  ++urls_;
  return found_service{add(http_definition(service, http_)).places.front().post};
}

// So a call of a client whose service needs nobody else stays on its loop.
const service_address& services::post_for(entry& which, caf::execution_unit* asker) {
  auto* const loop = which.definition.one_a_loop ? dynamic_cast<home*>(asker) : nullptr;
  const auto known = std::find_if(which.places.begin(), which.places.end(),
                                  [&](const place& each) { return each.loop == loop; });
  if (known != which.places.end())
    return known->post;
  which.places.push_back(open(which.definition, loop));
  return which.places.back().post;
}

service_list services::list() const {
  service_list all;
  for (const auto& [service, what] : entries_) {
    service_info info;
    info.name = service;
    info.kind = what.definition.kind;
    std::uint64_t busy_ns = 0;
    for (const auto& [loop, post, gauges] : what.places) {
      info.calls += read(gauges->calls);
      info.errors += read(gauges->errors);
      info.in_flight += read(gauges->in_flight);
      info.restarts += read(gauges->restarts);
      busy_ns += read(gauges->busy_ns);
    }
    if (const auto answered = info.calls - std::min(info.calls, info.in_flight))
      info.mean_ms = static_cast<double>(busy_ns) / 1e6 / static_cast<double>(answered);
    all.items.push_back(std::move(info));
  }
  return all;
}

services::entry& services::add(service_definition definition) {
  entry made;
  made.used = ++askings_;
  made.places.push_back(open(definition, nullptr));
  made.definition = std::move(definition);
  auto service = made.definition.name;
  return entries_.emplace(std::move(service), std::move(made)).first->second;
}

services::place services::open(const service_definition& definition, home* loop) {
  place made;
  made.loop = loop;
  made.gauges = std::make_shared<service_gauges>();
  auto& anywhere = any_loop(self_->system());
  auto* const where = loop                    ? static_cast<caf::execution_unit*>(loop)
                      : definition.one_a_loop ? &anywhere
                                              : workers_;
  made.post.actor = spawn_on<service_post>(self_->system(), loop ? *where : anywhere, definition,
                                           where, made.gauges);
  // Of one that is for all loops nobody is on its loop.
  if (loop && definition.is_direct)
    made.post.direct = &state_on<service_post>(made.post.actor);
  self_->monitor(made.post.actor);
  if (house_)
    caf::anon_send(caf::actor_cast<caf::actor>(made.post.actor), house_);
  return made;
}

void services::add_given(service_definition definition) {
  std::string fault;
  if (definition.name.empty() || is_url(definition.name) || !definition.start)
    fault = "a service needs a name that is no URL, and a way to start it";
  else if (entries_.contains(definition.name))
    fault = "there are two services with the name " + definition.name;
  if (fault.empty()) {
    add(std::move(definition));
    return;
  }
  spdlog::critical("{}", fault);
  throw std::invalid_argument{fault};
}

// Drops the URL that was not asked for the longest, of those that nobody can call: we hold the only
// reference to its post.
bool services::make_room() {
  auto oldest = entries_.end();
  for (auto it = entries_.begin(); it != entries_.end(); ++it) {
    const auto& what = it->second;
    const auto& only = what.places.front();
    const bool held = caf::actor_cast<caf::actor_control_block*>(only.post.actor)->strong_refs > 1;
    if (what.definition.kind != "http" || held || read(only.gauges->in_flight) > 0)
      continue;
    if (oldest == entries_.end() || what.used < oldest->second.used)
      oldest = it;
  }
  if (oldest == entries_.end())
    return false;
  stop(oldest->second);
  entries_.erase(oldest);
  --urls_;
  return true;
}

void services::stop(const entry& which) {
  for (const auto& each : which.places)
    caf::anon_send_exit(caf::actor_cast<caf::actor>(each.post.actor),
                        caf::exit_reason::user_shutdown);
}

// A post keeps its service alive; who keeps the posts is the supervisor, by starting all anew.
void services::on_down(const caf::down_msg& down) {
  for (const auto& [service, what] : entries_)
    for (const auto& each : what.places)
      if (each.post.actor.address() == down.source) {
        spdlog::error("the post of service {} failed", service);
        self_->quit(caf::exit_reason::unhandled_exception);
        return;
      }
}

} // namespace muster
