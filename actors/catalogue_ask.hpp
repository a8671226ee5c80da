#pragma once

#include "actors/catalogue.hpp"

#include <memory>
#include <utility>

namespace muster {

// For tasks: `then` is called once, whether the one who is asked answers, refuses or fails.
template <class Reply, class Handle, class Request>
void catalogue::ask(const Handle& whom, Request request,
                    std::function<void(caf::expected<Reply>)> then) {
  auto waiting = std::make_shared<std::function<void(caf::expected<Reply>)>>(std::move(then));
  const auto settle = [waiting](caf::expected<Reply> what) {
    if (const auto told = std::exchange(*waiting, nullptr))
      told(std::move(what));
  };
  give_up_ = [settle] { settle(make_error(errc::unavailable, "Try again")); };
  self_->request(whom, caf::infinite, std::move(request))
      .then([settle](Reply& reply) { settle(std::move(reply)); },
            [settle](caf::error& why) { settle(std::move(why)); });
}

} // namespace muster
