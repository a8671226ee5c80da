#include "actors/lister.hpp"

#include <caf/typed_response_promise.hpp>

#include <stdexcept>
#include <utility>

namespace muster {

lister::handle::behavior_type lister::start(house_ptr addresses) {
  house_ = std::move(addresses);
  return {
      [this](connection_query& query) { return list(std::move(query)); },
      [this](match_connections& request) { return match(std::move(request.where)); },
      [this](house_ptr& addresses_now) { move_to(std::move(addresses_now)); },
      [](const drill& order) { throw std::runtime_error{order.what}; },
  };
}

caf::result<connection_page> lister::list(connection_query query) {
  return read_roll<connection_page>(
      [query = std::move(query)](listing& rows) { return rows.read(query); });
}

caf::result<matched_connections> lister::match(selector where) {
  return read_roll<matched_connections>([where = std::move(where)](listing& rows) {
    return caf::expected<matched_connections>{matched_connections{rows.match(where)}};
  });
}

void lister::move_to(house_ptr addresses) {
  // Lists are kept as places on the roll, and another registry has another roll.
  const bool same_roll = house_ && addresses && house_->registry == addresses->registry;
  if (!same_roll)
    kept_.clear();
  house_ = std::move(addresses);
}

template <class Reply, class Read>
caf::result<Reply> lister::read_roll(Read read) {
  if (!house_ || !house_->registry)
    return make_error(errc::unavailable);
  auto promise = self_->template make_response_promise<Reply>();
  const auto registry = house_->registry;
  // Without a deadline of CAF's, which would stay behind: the registry answers at once, or is down.
  self_->request(registry, caf::infinite, take_snapshot{})
      .then(
          [this, promise, registry, read = std::move(read)](const snapshot_taken& taken) mutable {
            // Meanwhile there is another roll: what is kept does not belong to this one.
            if (registry != house_->registry) {
              promise.deliver(make_error(errc::unavailable));
              return;
            }
            listing rows{*taken.roll, kept_, std::chrono::system_clock::now(),
                         self_->clock().now()};
            auto result = read(rows);
            if (result)
              promise.deliver(std::move(*result));
            else
              promise.deliver(std::move(result.error()));
          },
          [promise](const caf::error&) mutable { promise.deliver(make_error(errc::unavailable)); });
  return promise;
}

} // namespace muster
