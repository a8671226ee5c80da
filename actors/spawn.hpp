#pragma once

#include "actors/bound.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>

namespace muster {

/// Logs what an actor has thrown; the error is what the actor ends with.
caf::error report_throw(const char* actor, const std::exception_ptr& what);

namespace detail {

template <class Impl, caf::spawn_options Options, class Actor, class... Args>
typename Actor::handle spawn_impl(caf::actor_system& system, caf::execution_unit* where,
                                  Args... args) {
  // CAF 0.17 would hand `self` to the first member of an aggregate.
  static_assert(!std::is_aggregate_v<Actor>, "an actor needs a constructor that takes `self`");
  caf::actor_config config{where};
  auto begin = [packed = std::make_tuple(std::move(args)...)](caf::local_actor* self) mutable {
    auto* actor = static_cast<Impl*>(self);
    actor->set_exception_handler(
        [actor](std::exception_ptr& what) { return report_throw(actor->name(), what); });
    auto& state = actor->state;
    auto behavior =
        std::apply([&](auto&... unpacked) { return state.start(std::move(unpacked)...); }, packed);
    return caf::behavior{std::move(behavior.unbox())};
  };
  config.init_fun = caf::actor_config::init_fun_type{std::move(begin)};
  return system.spawn_impl<Impl, Options>(config);
}

} // namespace detail

/// Starts an actor that runs on whichever loop wakes it.
template <class Actor, caf::spawn_options Options = caf::no_spawn_options, class... Args>
typename Actor::handle spawn(caf::actor_system& system, Args... args) {
  using impl = caf::stateful_actor<Actor, typename Actor::handle::base>;
  return detail::spawn_impl<impl, Options, Actor>(system, nullptr, std::move(args)...);
}

/// Starts an actor that stays on `where`: a loop, or the workers.
template <class Actor, caf::spawn_options Options = caf::no_spawn_options, class... Args>
typename Actor::handle spawn_on(caf::actor_system& system, caf::execution_unit& where,
                                Args... args) {
  using impl = caf::stateful_actor<Actor, bound<typename Actor::handle::base>>;
  return detail::spawn_impl<impl, Options, Actor>(system, &where, std::move(args)...);
}

/// The state of an actor that `spawn_on` has started: for what is past its mailbox.
template <class Actor, class Handle>
Actor& state_on(const Handle& actor) {
  using impl = caf::stateful_actor<Actor, bound<typename Actor::handle::base>>;
  return static_cast<impl*>(caf::actor_cast<caf::abstract_actor*>(actor))->state;
}

} // namespace muster
