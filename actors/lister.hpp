#pragma once

#include "actors/frozen_lists.hpp"
#include "actors/interfaces.hpp"
#include "actors/listing.hpp"

#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>

namespace muster {

/// Reads the roll for those who ask about it: takes a snapshot for each question and answers it on
/// the workers.
class lister {
public:
  using handle = lister_actor;
  explicit lister(handle::pointer self) : self_{self} {}
  handle::behavior_type start(house_ptr addresses);

  std::string name = "lister";

private:
  caf::result<connection_page> list(connection_query query);
  caf::result<matched_connections> match(selector where);
  void move_to(house_ptr addresses);

  /// Answers with what `read` makes of a snapshot.
  template <class Reply, class Read>
  caf::result<Reply> read_roll(Read read);

  handle::pointer self_;
  house_ptr house_;
  frozen_lists kept_;
};

} // namespace muster
