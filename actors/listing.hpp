#pragma once

#include "actors/frozen_lists.hpp"
#include "actors/list_cursor.hpp"
#include "actors/list_order.hpp"
#include "actors/roll.hpp"
#include "messages/listing.hpp"

#include <caf/expected.hpp>

#include <vector>

namespace muster {

/// Answers questions to the roll from one snapshot of it.
class listing {
public:
  /// `wall` is what ages are counted from, `now` the time of the lists that are kept.
  listing(const roll_snapshot& roll, frozen_lists& kept, timestamp wall, deadline now)
      : roll_{roll}, kept_{kept}, wall_{wall}, now_{now} {}

  /// `bad_request` when the cursor is none of this question's, `cursor_expired` when its list has
  /// given way.
  caf::expected<connection_page> read(const connection_query& query);

  std::vector<roll_entry> match(const selector& where) const;

private:
  caf::expected<connection_page> read_frozen(const connection_query& query, std::uint64_t question,
                                             const frozen_position& from);
  connection_page read_sorted(const connection_query& query, std::uint64_t question,
                              const keyset_position* from);
  connection_page read_window(const connection_query& query);
  std::string go_on(list_order& order, std::vector<list_candidate>& rows, std::size_t shown,
                    std::uint64_t total, std::uint64_t question);

  const roll_snapshot& roll_;
  frozen_lists& kept_;
  timestamp wall_;
  deadline now_;
};

} // namespace muster
