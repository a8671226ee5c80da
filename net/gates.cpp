#include "net/gates.hpp"

#include "messages/topic_edit.hpp"
#include "net/http_server.hpp"
#include "net/pubsub_http.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <utility>

namespace muster {

namespace {

/// `IP:PORT` or `[IP]:PORT`.
std::optional<endpoint> parse_address(std::string_view text) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos)
    return std::nullopt;
  auto ip = text.substr(0, colon);
  const auto port = text.substr(colon + 1);
  if (ip.size() > 2 && ip.front() == '[' && ip.back() == ']')
    ip = ip.substr(1, ip.size() - 2);
  endpoint address{std::string{ip}, 0};
  const auto* end = port.data() + port.size();
  const auto parsed = std::from_chars(port.data(), end, address.port);
  if (ip.empty() || port.empty() || parsed.ec != std::errc{} || parsed.ptr != end)
    return std::nullopt;
  return address;
}

/// A body holds the largest message that any topic takes, with room for what is around it.
http_server::limits http_bounds() {
  http_server::limits bounds;
  bounds.body_bytes = largest_topic_message + 65536;
  bounds.all_body_bytes = 4 * bounds.body_bytes;
  return bounds;
}

} // namespace

gates::gates(loops& all, address_set trusted, std::string server)
    : loops_{all}, rules_{std::make_shared<gate_rules>()} {
  rules_->trusted = std::move(trusted);
  rules_->server = std::move(server);
  rules_->routes.resize(all.size());
  rules_->http = std::make_shared<http_server>(pubsub_handler([rules = std::weak_ptr{rules_}] {
                                                 const auto alive = rules.lock();
                                                 return !alive || alive->draining;
                                               }),
                                               http_bounds(), pubsub_refusal);
}

gates::~gates() {
  stop_accepting();
  publish({});
  // Its sessions keep the rules, which keep it.
  rules_->http->close();
}

caf::error gates::open(const listener_definition& definition) {
  const std::lock_guard lock{mutex_};
  if (gates_.contains(definition.name))
    return make_error(errc::conflict, "there are two listeners named " + definition.name);
  return add(definition, false);
}

caf::error gates::ensure(const std::string& name) {
  const std::lock_guard lock{mutex_};
  if (gates_.contains(name))
    return {};
  const auto address = parse_address(name);
  if (!address)
    return make_error(errc::bad_request, "there is no listener named " + name);
  return add({name, *address, std::nullopt, false}, true);
}

caf::error gates::add(const listener_definition& definition, bool of_channel) {
  if (stopped_)
    return make_error(errc::draining);
  gate made;
  made.of_channel = of_channel;
  if (definition.tls) {
    auto context = tls_context::serve(*definition.tls);
    if (!context)
      return std::move(context.error());
    made.tls = std::move(*context);
  }
  auto door = listener::bind(loops_, definition.address);
  if (!door)
    return std::move(door.error());
  made.door = std::move(*door);
  auto origin = std::make_shared<const gate_origin>(
      gate_origin{definition.name, definition.proxy_protocol, rules_});
  made.door->start([origin, tls = made.tls](incoming in) {
    auto filter = tls ? tls->accept() : nullptr;
    std::unique_ptr<tls_filter> at_once;
    if (!origin->proxy_protocol)
      at_once = std::move(filter);
    corked_stream stream{std::move(in.socket), in.where, std::move(at_once)};
    std::make_shared<upgrade>(std::move(stream), std::move(in.local), std::move(in.remote), origin,
                              std::move(filter))
        ->start();
  });
  gates_.emplace(definition.name, std::move(made));
  return {};
}

void gates::publish(std::vector<route> routes) {
  std::set<std::string, std::less<>> used;
  for (const auto& each : routes)
    used.insert(each.listener);
  const auto table = std::make_shared<const route_table>(std::move(routes));
  for (std::size_t i = 0; i < loops_.size(); ++i)
    loops_[i].post([rules = rules_, table, i] { rules->routes[i] = table; });
  const std::lock_guard lock{mutex_};
  std::erase_if(gates_, [&](const auto& entry) {
    const auto& [name, each] = entry;
    const bool idle = each.of_channel && !used.contains(name);
    if (idle)
      each.door->stop();
    return idle;
  });
}

void gates::stop_accepting() {
  drain(true);
  rules_->http->drain();
  const std::lock_guard lock{mutex_};
  stopped_ = true;
  for (auto& [name, each] : gates_)
    each.door->stop();
  gates_.clear();
}

std::vector<bound_listener> gates::bound() const {
  const std::lock_guard lock{mutex_};
  std::vector<bound_listener> all;
  for (const auto& [name, each] : gates_)
    all.push_back({name, each.door->address(), each.tls != nullptr});
  return all;
}

caf::error gates::reload_tls() {
  const std::lock_guard lock{mutex_};
  caf::error first;
  for (auto& [name, each] : gates_) {
    auto failure = each.tls ? each.tls->reload() : caf::error{};
    if (!failure)
      continue;
    spdlog::error("listener {}: {}", name, detail_of(failure));
    if (!first)
      first = std::move(failure);
  }
  return first;
}

} // namespace muster
