#include "actors/supervisor.hpp"

#include "actors/accounts.hpp"
#include "actors/drain.hpp"
#include "actors/hasher.hpp"
#include "actors/lister.hpp"
#include "actors/operations.hpp"
#include "actors/reader.hpp"
#include "actors/registry.hpp"
#include "actors/services.hpp"
#include "actors/spawn.hpp"
#include "actors/store.hpp"
#include "messages/metrics.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace muster {

namespace {

template <class Handle>
caf::strong_actor_ptr address_of(const Handle& who) {
  return caf::actor_cast<caf::strong_actor_ptr>(who);
}

} // namespace

supervisor::supervisor(handle::pointer self) : self_{self} {}

supervisor_actor::behavior_type supervisor::start(foundations ground) {
  ground_ = std::move(ground);
  self_->set_down_handler([this](const caf::down_msg& down) {
    if (!reloading_ || reloading_->awaited.erase(down.source) == 0)
      restart(down);
    else if (reloading_->awaited.empty())
      take_up();
  });
  self_->set_exit_handler([this](const caf::exit_msg&) { stop(); });
  hire();
  house first;
  for (const auto& who : children_)
    start_child(who, first);
  house_ = std::make_shared<const house>(first);
  announce();
  return {
      [this](const find_house&) { return house_; },
      [this](const drain_connections& order) {
        auto worker = spawn<drain>(self_->system(), house_);
        return self_->delegate(worker, order);
      },
      [this](const reload_state&) { return reload(); },
  };
}

// Everyone, in the order in which they need each other.
void supervisor::hire() {
  children_ = {
      {"store",
       [this](house& h) {
         h.store = spawn<store, caf::detached>(self_->system(), ground_.storage);
       },
       [](const house& h) { return address_of(h.store); },
       {},
       true},
      {"reader",
       [this](house& h) {
         h.reader = spawn<reader, caf::detached>(self_->system(), ground_.storage);
       },
       [](const house& h) { return address_of(h.reader); },
       {},
       true},
      {"hasher",
       [this](house& h) { h.hasher = spawn<hasher>(self_->system(), ground_.workers); },
       [](const house& h) { return address_of(h.hasher); },
       {}},
      {"accounts",
       [this](house& h) { h.accounts = spawn<accounts>(self_->system(), h.store, h.hasher); },
       [](const house& h) { return address_of(h.accounts); },
       {"store", "hasher"},
       true},
      {"services",
       [this](house& h) {
         h.services =
             spawn<services>(self_->system(), ground_.workers, ground_.services, ground_.http);
       },
       [](const house& h) { return address_of(h.services); },
       {}},
      {"registry",
       [this](house& h) { h.registry = spawn<registry>(self_->system(), ground_.names); },
       [](const house& h) { return address_of(h.registry); },
       {}},
      {"lister",
       [this](house& h) {
         h.lister =
             spawn_on<lister>(self_->system(), *ground_.workers, std::make_shared<const house>(h));
       },
       [](const house& h) { return address_of(h.lister); },
       {}},
      {"operations",
       [this](house& h) {
         h.operations = spawn<operations>(self_->system(), std::make_shared<const house>(h));
       },
       [](const house& h) { return address_of(h.operations); },
       {}},
      {"topics",
       [this](house& h) {
         h.topics =
             spawn<topics>(self_->system(), std::make_shared<const house>(h), ground_.topics);
       },
       [](const house& h) { return address_of(h.topics); },
       {},
       true},
      {"catalogue",
       [this](house& h) {
         h.channels =
             spawn<catalogue>(self_->system(), std::make_shared<const house>(h), ground_.channels);
       },
       [](const house& h) { return address_of(h.channels); },
       {},
       true},
  };
}

void supervisor::start_child(const child& who, house& addresses) {
  who.start(addresses);
  self_->monitor(caf::actor_cast<caf::actor_addr>(who.address(addresses)));
}

void supervisor::restart(const caf::down_msg& down) {
  const auto failed = std::find_if(children_.begin(), children_.end(), [&](const auto& who) {
    return caf::actor_cast<caf::actor_addr>(who.address(*house_)) == down.source;
  });
  // One that was already replaced, with the one whose address it kept.
  if (failed == children_.end())
    return;
  const auto why = self_->system().render(down.reason);
  spdlog::error("{} failed and is started anew: {}", failed->name, why);
  if (!restarts_.allow(std::chrono::steady_clock::now())) {
    ground_.channels.fatal(std::string{failed->name}
                           + " failed, after more than five restarts in five seconds: " + why);
    return;
  }
  count(counters().actor_failures);
  count(counters().actor_restarts);
  auto addresses = *house_;
  start_child(*failed, addresses);
  for (const auto& who : children_) {
    // Whoever waits for the data is started with it.
    if (reloading_ && who.keeps_data)
      continue;
    if (std::find(who.keeps.begin(), who.keeps.end(), failed->name) == who.keeps.end())
      continue;
    self_->send_exit(caf::actor_cast<caf::actor>(who.address(addresses)), caf::exit_reason::kill);
    start_child(who, addresses);
  }
  house_ = std::make_shared<const house>(addresses);
  announce();
}

void supervisor::announce() {
  self_->send(house_->lister, house_);
  self_->send(house_->services, house_);
  self_->send(house_->topics, house_);
  self_->send(house_->operations, house_);
  self_->send(house_->channels, house_);
  ground_.announce(house_);
}

// In reverse: whoever asks goes before those that are asked.
void supervisor::stop() {
  self_->set_down_handler([](const caf::down_msg&) {});
  if (reloading_)
    end_reload(make_error(errc::unavailable, "The server stops"));
  for (auto who = children_.rbegin(); who != children_.rend(); ++who)
    self_->send_exit(caf::actor_cast<caf::actor>(who->address(*house_)),
                     caf::exit_reason::user_shutdown);
  self_->quit(caf::exit_reason::user_shutdown);
}

} // namespace muster
