#pragma once

#include "actors/home.hpp"
#include "actors/interfaces.hpp"

#include <caf/actor_cast.hpp>
#include <caf/expected.hpp>
#include <caf/message.hpp>

#include <functional>
#include <memory>

namespace muster {

/// Asks actors on behalf of code that is none: HTTP requests, handshakes. There is one on each
/// loop; used on that loop's thread only, and `done` is called there, exactly once.
class desk {
public:
  template <class Reply>
  using callback = std::function<void(caf::expected<Reply>)>;

  virtual ~desk() = default;

  /// The addresses of now.
  virtual const house& addresses() const = 0;

  /// Sends `request`; `done` gets the reply, the error, or `timed_out` after `patience`.
  template <class Reply, class Handle, class Request>
  void ask(const Handle& to, Request request, duration patience, callback<Reply> done);

protected:
  using untyped_callback = std::function<void(caf::expected<caf::message>)>;
  virtual void ask_untyped(const caf::strong_actor_ptr& to, caf::message request, duration patience,
                           untyped_callback done) = 0;
};

template <class Reply, class Handle, class Request>
void desk::ask(const Handle& to, Request request, duration patience, callback<Reply> done) {
  ask_untyped(caf::actor_cast<caf::strong_actor_ptr>(to), caf::make_message(std::move(request)),
              patience, [done = std::move(done)](caf::expected<caf::message> reply) {
                if (!reply)
                  done(std::move(reply.error()));
                else if (reply->template match_elements<Reply>())
                  done(reply->template get_mutable_as<Reply>(0));
                else
                  done(make_error(errc::internal, "an actor gave an answer of another type"));
              });
}

} // namespace muster
