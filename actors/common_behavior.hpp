#pragma once

#include <caf/behavior.hpp>
#include <caf/make_counted.hpp>
#include <caf/typed_behavior.hpp>

namespace muster {

namespace detail {

/// A handler and the actor that it is called for: what CAF takes for a handler.
template <class State, class Handler, class Call = decltype(&Handler::operator())>
struct bound_handler;

template <class State, class Handler, class Result, class Message>
struct bound_handler<State, Handler, Result (Handler::*)(State&, Message) const> {
  Result operator()(Message message) const { return Handler{}(*state, message); }
  State* state;
};

/// What one actor has of it: who it is.
template <class State, class... Handlers>
class common_behavior final : public caf::detail::behavior_impl {
public:
  explicit common_behavior(State& state) : state_{&state} {}

  using behavior_impl::invoke;
  caf::match_case::result invoke(caf::detail::invoke_result_visitor& visitor,
                                 caf::type_erased_tuple& message) override {
    auto told = caf::match_case::no_match;
    (void)((told = call<Handlers>(visitor, message), told != caf::match_case::no_match) || ...);
    return told;
  }

private:
  template <class Handler>
  caf::match_case::result call(caf::detail::invoke_result_visitor& visitor,
                               caf::type_erased_tuple& message) {
    using bound = bound_handler<State, Handler>;
    return caf::trivial_match_case<bound>{bound{state_}}.invoke(visitor, message);
  }

  State* state_;
};

} // namespace detail

/// The handlers of an actor of which there are many, each of which takes the actor first and holds
/// nothing. CAF would keep a copy of each in every actor; so there is one of each. As with CAF,
/// they are tried in their order, and must be those of the actor's interface.
template <class State, class... Handlers>
auto common_behavior(State& state, Handlers...) {
  using found = caf::typed_behavior<caf::deduce_mpi_t<detail::bound_handler<State, Handlers>>...>;
  return found{typename found::unsafe_init{},
               caf::behavior{caf::detail::behavior_impl_ptr{
                   caf::make_counted<detail::common_behavior<State, Handlers...>>(state)}}};
}

} // namespace muster
